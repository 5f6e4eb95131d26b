"""A building site on this machine: the gateway, a contractor and a platform over real sockets.

Every part is a process of its own: Mosquitto, the platform (supervision.py), the gateway, a dust
station (station.py), a hoist (hoist.py), a wind sensor (wind_sensor.py), the contractor's office
(office.py) and a sensor node whose firmware the operator can bring up to date (sensor_node.py); the crane alone is invented by the gateway itself, and marked so. With --once the
gateway and the platform are each killed on the way and started again, a supervisor confirms over
the API, and at the end both ends are compared (verdict.py); the exit status says whether they agree.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable

import broker
import verdict
from crew import Crew, Member
from gateway import Gateway, token_of
from page import Page, Refused, parse_time
from sensor_node import SensorNode

ROOT = Path(__file__).resolve().parents[2]
TIME_LAPSE = ROOT / "tests/data/timelapse/site-a"
CONFIG = ROOT / "config/demo.toml"
SITE, BOX, BUILDING, SUPERVISOR, OPERATOR = "hz-demo", "gw1", "b1", "wang", "chen"
MOST_SECONDS_ONCE = 180.0
KILL_PLATFORM_AT, KILL_GATEWAY_AT = 0.35, 0.6  # share of the pictures played
PLATFORM_AWAY_S = 3.0


class Trouble(Exception):
    """One line: what, where, what to do."""


def frame_times() -> list[datetime]:
    names = sorted(path.stem for path in (TIME_LAPSE / "frames").glob("*.jpg"))
    return [datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc) for name in names]


def usual_or_free_port(usual: int) -> int:
    """A known address is handier for people; where it is taken any other will do."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", usual))
            return usual
        except OSError:
            return broker.free_port()


class Demo:
    def __init__(self, folder: Path, build: Path, once: bool, pause: str) -> None:
        self.folder = folder
        self._once = once
        self._logs = folder / "logs"
        self._logs.mkdir()
        self._crew = Crew(self._logs)
        self._frames = frame_times()
        self._web = broker.free_port() if once else usual_or_free_port(8080)
        self._hj212, self._mqtt, self._modbus = broker.free_port(), broker.free_port(), broker.free_port()
        self._base = f"http://127.0.0.1:{self._web}"
        self._node = SensorNode(folder / "node", build, broker.free_port())
        self._gateway = Gateway(build, CONFIG, folder / "state", {
            "web.listen": f"127.0.0.1:{self._web}",
            "driver.hj212.listen": f"127.0.0.1:{self._hj212}",
            "driver.modbus.line.mast-top.tcp": f"127.0.0.1:{self._modbus}",
            "uplink.port": str(self._mqtt),
            "camera.mast.every": pause,
            **self._node.settings(),
        })
        self._kills: Counter[str] = Counter()
        self._processes: dict[str, Member] = {}
        self._platform_back_at = 0.0
        self._end = time.monotonic() + MOST_SECONDS_ONCE if once else float("inf")

    # Starting

    def start(self) -> None:
        made = self._gateway.make_secrets(["mqtt.password", "hoist-1.token", "site-office.token"])
        self._start_broker(made["mqtt.password"])
        self._start_platform()
        self._crew.start("sensor_node", self._node.prepare())
        self._processes["gateway"] = self._crew.start("gateway", self._gateway.run_command())
        self._wait_for_gateway()
        viewer = self._gateway.link("viewer")
        self._viewer_file = self.folder / "viewer.token"
        self._viewer_file.touch(mode=0o600)
        self._viewer_file.write_text(token_of(viewer))
        self._viewer = Page(self._base, token_of(viewer))
        self._start_contractor()
        print(f"page         {self._base}/\nviewer link  {viewer}", flush=True)
        if not self._once:
            print(f"sign in as the supervision group (once, within 15 minutes):\n"
                  f"             {self._gateway.link('sign-in', '--user', SUPERVISOR)}\n"
                  f"another one: {self._gateway.link_command('sign-in', '--user', SUPERVISOR)}\n"
                  f"as the operator, who can bring {self._node.newer}\nto the sensor node:\n"
                  f"             {self._gateway.link('sign-in', '--user', OPERATOR)}\n"
                  "Ctrl-C ends the demo.", flush=True)

    def _start_broker(self, box_password: str) -> None:
        password = self.folder / "platform.password"
        password.touch(mode=0o600)
        shutil.copyfile("/proc/sys/kernel/random/uuid", password)
        users = {BOX: box_password, "platform": password.read_text().strip()}
        self._crew.start("mosquitto", broker.prepare(self.folder / "broker", self._mqtt, SITE, BOX, users))
        if not broker.wait_for_port(self._mqtt):
            raise Trouble("Mosquitto did not come up; see its log")

    def _start_platform(self) -> None:
        self._processes["platform"] = self._crew.start("platform", self._python(
            "supervision.py", "--port", str(self._mqtt), "--password-file", str(self.folder / "platform.password"),
            "--site", SITE, "--gateway", BOX, "--folder", str(self.folder / "platform")))

    def _roll_out(self) -> None:
        """The operator brings the newer firmware to the sensor node, by the command line."""
        kept = self._gateway.rollout("keep", str(self._node.newer))
        print("            " + self._gateway.rollout("start", "--image", kept.split()[0], "--all").splitlines()[0], flush=True)

    def _start_contractor(self) -> None:
        common = ["--page", self._base, "--viewer-token-file", str(self._viewer_file)]
        calibration = ["--calibration", str(TIME_LAPSE / "calibration.json")]
        for name, extra in (("station", ["--port", str(self._hj212)]),
                            ("hoist", ["--site", SITE, *calibration,
                                       "--token-file", self._gateway.secret_file("hoist-1.token")])):
            self._processes[name] = self._crew.start(name, self._python(
                name + ".py", *common, *extra, "--notes", str(self.folder / f"{name}.jsonl"),
                "--done-file", str(self.folder / f"{name}.done")))
        self._processes["wind_sensor"] = self._crew.start("wind_sensor", self._python(
            "wind_sensor.py", *common, "--port", str(self._modbus)))
        self._crew.start("office", self._python(
            "office.py", *common, *calibration, "--building", BUILDING, "--token-file",
            self._gateway.secret_file("site-office.token"), "--notes", str(self.folder / "claim.json")), may_end=True)

    def _python(self, script: str, *options: str) -> list[str]:
        return [sys.executable, "-B", str(Path(__file__).with_name(script)), *options]

    def _wait_for_gateway(self) -> None:
        self._wait(lambda: self._gateway.ports() is not None, 30, "the gateway to listen")

    # Watching

    def _wait(self, done: Callable[[], Any], seconds: float, what: str) -> Any:
        """What `done` answers first that is true."""
        end = min(time.monotonic() + seconds, self._end)
        while not (answer := done()):
            self._check_crew()
            if time.monotonic() > end:
                raise Trouble(f"waited in vain for {what}")
            time.sleep(0.2)
        return answer

    def _check_crew(self) -> None:
        fallen = self._crew.fallen()
        if fallen is not None:
            raise Trouble(f"{fallen.name} ended with status {fallen.exit_status()}: {fallen.tail(1)}")

    def _site(self) -> dict[str, Any] | None:
        """None while the gateway is away."""
        try:
            return self._viewer.get("/api/v1/site")
        except (OSError, ValueError):
            return None

    def _played(self, site: dict[str, Any]) -> float:
        now = parse_time(site["clock"]["now"])
        return sum(1 for at in self._frames if at <= now) / len(self._frames)

    def _tell(self, site: dict[str, Any], told: list[str]) -> None:
        """One line whenever the building or its topping-out has changed."""
        estimate = site["buildings"][0]["estimate"] or {}
        milestone = verdict.topping_out(site)
        text = f"{estimate.get('storeys', 0):.0f} storeys, {estimate.get('stage', 'not seen yet')}"
        if milestone is not None:
            text += f", topping-out {milestone['status']}"
        if told[-1:] != [text]:
            told.append(text)
            print(f"{site['clock']['now'][:10]}  {text}", flush=True)

    def watch(self) -> None:
        """Until somebody presses Ctrl-C."""
        told: list[str] = []
        ended = False
        while True:
            self._check_crew()
            site = self._site()
            if site is not None:
                self._tell(site, told)
                if self._played(site) >= 1 and not ended:
                    ended = True
                    print("that was the last picture; the page stays until Ctrl-C", flush=True)
            time.sleep(0.5)

    # Once through, without a person

    def play_to_the_end(self) -> list[verdict.Line]:
        told: list[str] = []
        confirmed = False
        while True:
            self._check_crew()
            site = self._site()
            if site is not None:
                self._tell(site, told)
                played = self._played(site)
                self._disturb(played)
                if played > 0 and site["rollout"] is None:
                    self._roll_out()
                confirmed = confirmed or self._confirm(site)
                if played >= 1 and confirmed:
                    break
            if time.monotonic() > self._end:
                raise Trouble(f"not through after {MOST_SECONDS_ONCE:.0f} s; topping-out is "
                              f"{'confirmed' if confirmed else 'not confirmed'}")
            time.sleep(0.4)
        return verdict.judge(self._come_to_rest())

    def _disturb(self, played: float) -> None:
        """Kills the platform once and the gateway once, and brings them back."""
        platform, gateway = self._processes["platform"], self._processes["gateway"]
        if played >= KILL_PLATFORM_AT and self._kills["platform"] == 0:
            print("            platform killed (SIGKILL)", flush=True)
            platform.kill()
            self._kills["platform"] += 1
            self._platform_back_at = time.monotonic() + PLATFORM_AWAY_S
        if self._platform_back_at and time.monotonic() >= self._platform_back_at:
            platform.start()
            self._platform_back_at = 0.0
            print("            platform started again", flush=True)
        if played >= KILL_GATEWAY_AT and self._kills["gateway"] == 0:
            print("            gateway killed (SIGKILL)", flush=True)
            gateway.kill()
            self._kills["gateway"] += 1
            self._gateway.forget_ports()
            gateway.start()
            self._wait_for_gateway()
            print("            gateway started again on the same state", flush=True)

    def _confirm(self, site: dict[str, Any]) -> bool:
        """The supervisor signs in and confirms, once camera and contractor agree."""
        milestone = verdict.topping_out(site)
        if milestone is None or milestone["status"] != "corroborated":
            return False
        supervisor = Page(self._base)
        supervisor.sign_in(token_of(self._gateway.link("sign-in", "--user", SUPERVISOR)))
        supervisor.post("/api/v1/milestones", {
            "building": BUILDING, "milestone": "topping_out", "storey": 0, "act": "confirm",
            "comment": "到现场看过，确认结顶。",
        })
        print("            the supervisor confirms topping-out", flush=True)
        return True

    def _come_to_rest(self) -> verdict.Ending:
        """All delivered, devices stopped, everything receipted; then what both ends say."""
        last = self._frames[-1] - timedelta(seconds=1)
        for name in ("station", "hoist"):
            self._wait(lambda name=name: self._delivered(name, last), 30, f"the {name}'s last word")
            self._processes[name].stop()
        self._processes["wind_sensor"].stop()
        site = self._wait(self._at_rest, 60, "the platform's receipts and the last telemetry and pictures")
        checkpoint = self._viewer.text("/checkpoint")
        status = self._processes["gateway"].stop(15)
        time.sleep(1)  # the platform writes down the gateway's last word
        truth = json.loads((TIME_LAPSE / "calibration.json").read_text())
        return verdict.Ending(self.folder, site, checkpoint, truth, self._kills, status)

    def _delivered(self, name: str, until: datetime) -> bool:
        done = self.folder / f"{name}.done"
        text = done.read_text() if done.exists() else ""
        return bool(text) and datetime.fromisoformat(text) >= until

    def _at_rest(self) -> dict[str, Any] | None:
        """The site as it was when nothing waited: the simulated crane goes on, so a later look may count more."""
        site = self._site()
        if site is None:
            return None
        uplink = site["uplink"]
        waiting = uplink["telemetry_waiting"] + uplink["evidence_waiting"] + uplink["state_waiting"]
        return site if waiting == 0 and uplink["events"]["receipted"] == site["ledger"]["size"] else None

    # Ending

    def stop(self) -> None:
        self._crew.stop()

    def keep_logs(self, where: Path) -> str:
        """Gives the last lines of the gateway's log."""
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self._logs, where)
        log = where / "gateway.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def play(demo: Demo, once: bool) -> int:
    demo.start()
    if not once:
        demo.watch()
    lines = demo.play_to_the_end()
    print("\n" + verdict.table(lines), flush=True)
    bad = [line.what for line in lines if line.agrees is False]
    if bad:
        raise Trouble("not consistent: " + "; ".join(bad))
    print("all consistent", flush=True)
    return 0


def perform(options: argparse.Namespace, folder: Path) -> int:
    demo = Demo(folder, options.build, options.once, options.every or ("600ms" if options.once else "1500ms"))
    try:
        return play(demo, options.once)
    except KeyboardInterrupt:
        print("\nending", flush=True)
        return 130 if options.once else 0
    except (Trouble, Refused, OSError, RuntimeError) as error:
        logs = options.build / "demo-failure"
        tail = demo.keep_logs(logs)
        print(f"{tail}\ndemo: {error} (all logs: {logs})", file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        demo.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="where jieding was built")
    parser.add_argument("--once", action="store_true", help="to the end without a person, with a check")
    parser.add_argument("--every", help="time between two pictures, such as 500ms")
    options = parser.parse_args()
    if not (options.build / "jieding").exists():
        print(f"demo: {options.build}/jieding is not there; run script/build", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    with tempfile.TemporaryDirectory(prefix="jieding-demo-") as folder:
        return perform(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
