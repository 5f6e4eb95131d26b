"""The box's own update with the real RAUC: slot files, its service on a bus of its own, the boot loader's script.

A boot runs config/rauc/grub.cfg itself (its commands are also a shell's), on GRUB's own environment block.

    JIEDING=build/release/jieding tests/scenario/update.py
"""

from __future__ import annotations

import configparser
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broker import Broker, free_port
from gateway import Gateway, Settings, wait_for

ROOT = Path(__file__).resolve().parents[2]
RAUC = ROOT / "config/rauc"
SLOT_BYTES = 1 << 20
GRUB_IN_A_SHELL = """
set() { eval "$1"; }
load_env() { eval "$(grub-editenv "$JIEDING_GRUBENV" list | sed 's/=\\(.*\\)/="\\1"/')"; }
save_env() { local name; for name; do grub-editenv "$JIEDING_GRUBENV" set "$name=${!name}"; done; }
search() { :; }; linux() { :; }; initrd() { :; }
boot() { echo "$chosen"; }
"""


def run(*words: object, expect: int | None = 0, **more: object) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, **more)  # type: ignore[call-overload]
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Machine:
    """Two slots, an environment block, a bus, and RAUC's service as of the slot that is booted."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-update-"))
        self.grubenv = self.folder / "grubenv"
        run("grub-editenv", self.grubenv, "create")
        self.environment = {**os.environ, "JIEDING_GRUBENV": str(self.grubenv)}
        self.boot_slots("set-primary", "A")
        self.boot_slots("set-state", "B", "bad")  # empty yet
        for slot in "AB":
            (self.folder / slot).write_bytes(b"factory".ljust(SLOT_BYTES, b"\0"))
        self._make_keys()
        self._write_configuration()
        self.bus: subprocess.Popen[str] | None = None
        self.service: subprocess.Popen[bytes] | None = None
        self.booted = ""

    def __enter__(self) -> "Machine":
        # dbus-run-session would end with the program that it runs; we are that program.
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--print-address", "--nofork"], stdout=subprocess.PIPE, text=True)
        assert self.bus.stdout
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = self.bus.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut_down()
        if self.bus:
            self.bus.terminate()
            self.bus.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_keys(self) -> None:
        for name in ("city", "stranger"):
            run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9",
                "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem")

    def _write_configuration(self) -> None:
        """The box's own, with files for partitions."""
        parser = configparser.ConfigParser()
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(RAUC / "system.conf")
        parser["system"]["bundle-formats"] = "plain verity"
        parser["system"]["mountprefix"] = str(self.folder / "mount")
        parser["system"]["statusfile"] = str(self.folder / "status")
        parser["keyring"]["path"] = str(self.folder / "city.pem")
        parser["handlers"]["bootloader-custom-backend"] = str(RAUC / "boot-slots")
        for section, slot in (("slot.rootfs.0", "A"), ("slot.rootfs.1", "B")):
            parser[section]["device"] = str(self.folder / slot)
            parser[section]["type"] = "raw"
        self.configuration = self.folder / "system.conf"
        with self.configuration.open("w") as out:
            parser.write(out, space_around_delimiters=False)

    def boot_slots(self, *words: str) -> str:
        return run(RAUC / "boot-slots", *words, env=self.environment).strip()

    def boot(self) -> str:
        """What the boot loader does, then RAUC's service as that system starts it."""
        self.shut_down()
        script = GRUB_IN_A_SHELL + (RAUC / "grub.cfg").read_text()
        self.booted = run("bash", "-c", script, env=self.environment).strip()
        with (self.folder / "rauc.log").open("ab") as log:
            self.service = subprocess.Popen(["rauc", "--conf", self.configuration, "service", f"--override-boot-slot={self.booted}"],
                                            env=self.environment, stdout=log, stderr=log)
        wait_for("RAUC's service", lambda: "booted" in self.rauc("status", expect=None), 20)
        return self.booted

    def shut_down(self) -> None:
        if self.service:
            self.service.terminate()
            self.service.wait()
            self.service = None

    def rauc(self, *words: object, expect: int | None = 0) -> str:
        return run("rauc", "--conf", self.configuration, *words, expect=expect, env=self.environment)

    def bundle(self, content: str, signer: str = "city", kind: str = "plain") -> Path:
        image = self.folder / "rootfs.img"
        image.write_bytes(content.encode().ljust(SLOT_BYTES, b"\0"))
        out = self.folder / f"{content}-{signer}-{kind}.raucb"
        out.unlink(missing_ok=True)
        run(RAUC / "make-bundle", image, "2026.12", out, "--cert", self.folder / f"{signer}.pem",
            "--key", self.folder / f"{signer}.key", "--format", kind)
        return out

    def holds(self, slot: str) -> str:
        return (self.folder / slot).read_bytes().rstrip(b"\0").decode()

    def left(self, slot: str) -> int:
        found = [line for line in run("grub-editenv", self.grubenv, "list").splitlines() if line.startswith(f"{slot}_LEFT=")]
        return int(found[0].split("=")[1]) if found else 0

    def gateway(self, state: Path, broker_port: int, wait: str) -> "Gateway":
        """The system of the booted slot: its gateway, over the one state."""
        settings = Settings().building().uplink(broker_port)
        program = self.folder / "rauc-of-this-machine"
        program.write_text(f"#!/bin/sh\nexec rauc --conf {self.configuration} \"$@\"\n")
        program.chmod(0o755)
        settings.tables["update"] = {"program": str(program), "wait": wait}
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = self.environment["DBUS_SYSTEM_BUS_ADDRESS"]
        os.environ["JIEDING_GRUBENV"] = str(self.grubenv)
        return Gateway(settings, state)


def good_update(machine: Machine) -> None:
    state = machine.folder / "state"
    assert machine.boot() == "A" and machine.left("A") == 2
    with Broker() as broker, machine.gateway(state, broker.port, "1h").start():
        wait_for("A to be marked good", lambda: machine.left("A") == 3)
    machine.rauc("install", machine.bundle("second"))
    assert (machine.holds("A"), machine.holds("B")) == ("factory", "second")
    assert machine.boot() == "B" and machine.left("B") == 2
    with machine.gateway(state, free_port(), "1h").start() as gateway:
        # Committed, but no broker and not waited its time: not good yet.
        wait_for("the start to be committed", lambda: len(gateway.leaves()) == 2)
        assert machine.left("B") == 2
    with Broker() as broker, machine.gateway(state, broker.port, "1h").start() as gateway:
        wait_for("B to be marked good", lambda: machine.left("B") == 3)
        leaves = len(gateway.leaves())
    assert leaves == 3, "the record goes on from slot to slot"
    assert machine.boot() == "B"
    print("good update: installed, booted, marked good by the gateway once it had reached its broker")


def waited_its_time(machine: Machine) -> None:
    assert machine.boot() == "B" and machine.left("B") < 3
    with machine.gateway(machine.folder / "state", free_port(), "2s").start():
        wait_for("B to be marked good without a broker", lambda: machine.left("B") == 3)
    print("no broker: marked good after its time")


def bad_bundles(machine: Machine) -> None:
    assert machine.boot() == "B"
    before = machine.holds("A")
    refused = machine.rauc("install", machine.bundle("third", signer="stranger"), expect=1)
    assert "signature verification failed" in refused.lower() or "verif" in refused.lower(), refused
    whole = machine.bundle("third").read_bytes()
    step = max(1, len(whole) // 40)
    for size in [*range(0, len(whole), step), len(whole) - 1]:
        cut = machine.folder / "cut.raucb"
        cut.write_bytes(whole[:size])
        machine.rauc("install", cut, expect=1)
    for at in range(0, len(whole), step):
        cut.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        machine.rauc("install", cut, expect=1)
    assert machine.holds("A") == before and machine.boot_slots("get-primary") == "B"
    print(f"bad signature, cut at {len(range(0, len(whole), step)) + 1} places, one bit wrong at {len(range(0, len(whole), step))}: "
          "refused, nothing written")


def does_not_come_up(machine: Machine) -> None:
    machine.rauc("status", "mark-good", "booted")
    machine.rauc("install", machine.bundle("broken"))
    assert machine.holds("A") == "broken"
    boots = [machine.boot() for _ in range(4)]
    assert boots == ["A", "A", "A", "B"], boots
    with Broker() as broker, machine.gateway(machine.folder / "state", broker.port, "1h").start():
        wait_for("B to be good again", lambda: machine.left("B") == 3)
    assert machine.boot() == "B" and machine.holds("B") == "second"
    print("an update that does not come up: three boots, then the other slot, which goes on")


def killed_while_it_writes(machine: Machine) -> None:
    chance = random.Random(7)
    for _ in range(60):
        writing = subprocess.Popen([RAUC / "boot-slots", "set-state", "B", "good"], env=machine.environment, start_new_session=True)
        time.sleep(chance.uniform(0, 0.02))
        os.killpg(writing.pid, signal.SIGKILL)
        writing.wait()
        assert "ORDER=A B" in run("grub-editenv", machine.grubenv, "list")
    print("the boot loader's block is whole after 60 kills while it is written")


def verity(machine: Machine) -> None:
    if not Path("/dev/mapper/control").exists():
        print("verity bundles: skipped, this machine has no device mapper (/dev/mapper/control)")
        return
    bundle = machine.bundle("verified", kind="verity")
    said = machine.rauc("install", bundle, expect=None)
    if "verity" in said and "failed" in said.lower():
        print(f"verity bundles: skipped, the device mapper does not work here: {said.splitlines()[-1]}")
        return
    assert machine.holds("A") == "verified", said
    print("verity bundle: installed")


def main() -> int:
    for program in ("rauc", "mksquashfs", "dbus-daemon", "grub-editenv"):
        if shutil.which(program) is None:
            print(f"skipped: there is no {program}")
            return 77
    with Machine() as machine:
        good_update(machine)
        waited_its_time(machine)
        bad_bundles(machine)
        does_not_come_up(machine)
        killed_while_it_writes(machine)
        verity(machine)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
