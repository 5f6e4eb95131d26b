"""The box's own update with the real RAUC: slot files, its service on a bus of its own, the boot loader's script.

A boot is one of GRUB itself (grub-emu) on a disk image, with config/rauc/grub.cfg and the environment block that boot-slots wrote.

    JIEDING=build/release/jieding tests/scenario/update.py
"""

from __future__ import annotations

import configparser
import contextlib
import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broker import Broker, free_port
from gateway import Gateway, Settings, executable, wait_for

ROOT = Path(__file__).resolve().parents[2]
RAUC = ROOT / "config/rauc"
SLOT_BYTES = 1 << 20
def run(*words: object, expect: int | None = 0, **more: object) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, **more)  # type: ignore[call-overload]
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Disk:
    """A disk for GRUB: /boot/grub on the first partition, a kernel on the second and on the third."""

    FIRST_SECTOR = 2048
    LOADS = re.compile(r"^(linux|initrd|boot)\b.*\n", re.MULTILINE)

    def __init__(self, folder: Path) -> None:
        self.folder, self.image = folder, folder / "disk.img"
        grub = folder / "p1/boot/grub"
        grub.mkdir(parents=True)
        shutil.copytree("/usr/lib/grub/x86_64-emu", grub / "x86_64-emu")
        mark = random.Random(7).randbytes(512).hex()
        (grub / "grubenv").write_text(mark)  # its place on the disk, as large as an environment block
        (grub / "grub.cfg").write_text(self.LOADS.sub("", (RAUC / "grub.cfg").read_text()) + "cat /boot/vmlinuz\nexit\n")
        for number, slot in ((2, "A"), (3, "B")):
            (folder / f"p{number}/boot").mkdir(parents=True)
            (folder / f"p{number}/boot/vmlinuz").write_text(f"[kernel of {slot}]")
        self._write([self._partition(1, 32), self._partition(2, 2), self._partition(3, 2)])
        self.block = self.image.read_bytes().index(mark.encode())
        (folder / "device.map").write_text(f"(hd0) {self.image}\n")

    def _partition(self, number: int, megabytes: int) -> bytes:
        file = self.folder / f"p{number}.img"
        run("mke2fs", "-q", "-t", "ext2", "-d", self.folder / f"p{number}", file, f"{megabytes}M")
        return file.read_bytes()

    def _write(self, partitions: list[bytes]) -> None:
        table, sector = b"", self.FIRST_SECTOR
        for content in partitions:
            table += struct.pack("<B3xB3xII", 0, 0x83, sector, len(content) // 512)
            sector += len(content) // 512
        first = (bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa").ljust(self.FIRST_SECTOR * 512, b"\0")
        self.image.write_bytes(first + b"".join(partitions))

    def boot(self, grubenv: Path) -> str:
        """The slot whose kernel GRUB takes; what it saves goes back into the block."""
        size = grubenv.stat().st_size
        with self.image.open("r+b") as disk:
            disk.seek(self.block)
            disk.write(grubenv.read_bytes())
        screen, end = pty.openpty()
        grub = subprocess.Popen(["grub-emu", "--device-map", self.folder / "device.map", "--root", "hd0,1", "--directory", "/boot/grub"],
                                stdin=end, stdout=end, stderr=end, env={**os.environ, "TERM": "linux"})
        os.close(end)
        said = b""
        with contextlib.suppress(OSError):  # the terminal's other end is closed
            while piece := os.read(screen, 4096):
                said += piece
        os.close(screen)
        assert grub.wait() == 0, said
        with self.image.open("rb") as disk:
            disk.seek(self.block)
            grubenv.write_bytes(disk.read(size))
        found = re.findall(rb"\[kernel of ([AB])\]", said)
        assert len(found) == 1, said
        return found[0].decode()


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
        self.disk = Disk(self.folder / "disk")
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
        self.booted = self.disk.boot(self.grubenv)
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

    def bundle(self, content: str, signer: str = "city", kind: str = "plain", machine: str = "jieding-box") -> Path:
        image = self.folder / "rootfs.img"
        image.write_bytes(content.encode().ljust(SLOT_BYTES, b"\0"))
        out = self.folder / f"{content}-{signer}-{kind}.raucb"
        out.unlink(missing_ok=True)
        maker = self.folder / "make-bundle"
        maker.write_text((RAUC / "make-bundle").read_text().replace("compatible=jieding-box", f"compatible={machine}"))
        run("bash", maker, image, "2026.12", out, "--cert", self.folder / f"{signer}.pem",
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
    refused = machine.rauc("install", machine.bundle("third", machine="another-box"), expect=1)
    assert "compatible" in refused.lower(), refused
    whole = machine.bundle("third").read_bytes()
    cut = machine.folder / "cut.raucb"
    # What the service does first with every bundle. The signature and its length stand at the end.
    cuts = sorted({*range(0, len(whole), max(1, len(whole) // 200)), *range(len(whole) - 100, len(whole))})
    for size in cuts:
        cut.write_bytes(whole[:size])
        machine.rauc("info", cut, expect=1)
    step = max(1, len(whole) // 10)
    for size in [*range(0, len(whole), step), len(whole) - 1]:
        cut.write_bytes(whole[:size])
        machine.rauc("install", cut, expect=1)
    flipped = range(0, len(whole), max(1, len(whole) // 40))
    for at in flipped:
        cut.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        machine.rauc("install", cut, expect=1)
    assert machine.holds("A") == before and machine.boot_slots("get-primary") == "B"
    print(f"bad signature, another machine's, cut at {len(cuts)} of {len(whole)} bytes, one bit wrong at {len(flipped)}: refused, nothing written")


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


def slots_in_the_deep_check(machine: Machine) -> None:
    """What RAUC itself says of the slots, good and bad."""
    with machine.gateway(machine.folder / "state", free_port(), "1h") as gateway:
        def said() -> str:
            return run(executable(), "check", "--deep", "--config", gateway.config, expect=None)

        assert machine.boot() == "B"
        machine.rauc("status", "mark-good", "booted")
        machine.rauc("status", "mark-bad", "other")
        assert "ok    slot B: booted, good" in said() and "note  slot A: inactive, not bootable" in said(), said()
        machine.rauc("status", "mark-good", "other")
        assert "ok    slot A: inactive, good" in said(), said()
        machine.rauc("status", "mark-bad", "other")  # it holds the broken one
        machine.shut_down()
        assert "BAD   slots: RAUC does not answer" in said(), said()
    assert machine.boot() == "B"
    print("deep check: both slots good, one not bootable, no service")


def state_of_another_version(machine: Machine) -> None:
    """What the other slot's program left on the data partition: newer, as newer, older."""
    state = machine.folder / "state"

    def pragmas(**values: int) -> int:
        with contextlib.closing(sqlite3.connect(state / "jieding.db")) as database:
            for name, value in values.items():
                database.execute(f"pragma {name} = {value}")
            return int(database.execute("pragma user_version").fetchone()[0])

    def files() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in sorted(state.rglob("*")) if file.is_file()}

    known = pragmas()
    pragmas(user_version=known + 1, application_id=known + 1)
    before = files()
    with machine.gateway(state, free_port(), "1h") as gateway:
        for command in (["run"], ["run", "--read-only"], ["link", "viewer"]):
            refused = run(executable(), *command, "--config", gateway.config, expect=1)
            assert f"of version {known + 1}, this program knows {known}; nothing was changed" in refused, refused
    assert files() == before, "nothing of the state was touched"
    pragmas(application_id=known)  # the newer program says that this one may
    with machine.gateway(state, free_port(), "1h").start() as gateway:
        leaves = len(gateway.leaves())
        gateway.terminate()
    assert pragmas() == known + 1 and leaves > 3
    pragmas(user_version=known, application_id=known)

    older = machine.folder / "older"
    older.mkdir(mode=0o700)
    migrations = sorted((ROOT / "sync/migrations").glob("*.sql"))[:10]
    with contextlib.closing(sqlite3.connect(older / "jieding.db")) as database:
        for migration in migrations:
            database.executescript(migration.read_text())
        database.execute("insert into number values ('kept', 7)")
        database.execute(f"pragma user_version = {len(migrations)}")
        database.commit()
    with machine.gateway(older, free_port(), "1h").start() as gateway:
        gateway.terminate()
        kept = gateway.database().execute("select value from number where name = 'kept'").fetchone()
        assert kept == (7,) and gateway.database().execute("pragma user_version").fetchone() == (known,)
    print("state of a newer program: refused untouched, or used where it says so; of an older one: brought further")


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
    for program in ("rauc", "mksquashfs", "dbus-daemon", "grub-editenv", "grub-emu"):
        if shutil.which(program) is None:
            print(f"skipped: there is no {program}")
            return 77
    with Machine() as machine:
        good_update(machine)
        waited_its_time(machine)
        bad_bundles(machine)
        does_not_come_up(machine)
        slots_in_the_deep_check(machine)
        state_of_another_version(machine)
        killed_while_it_writes(machine)
        verity(machine)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
