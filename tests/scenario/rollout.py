"""Firmware goes to sensor nodes: the real gateway, real jieding-node, simulated nodes, a real Mosquitto.

    JIEDING=build/release/jieding tests/scenario/rollout.py
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

import jsonschema
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from broker import Broker
from gateway import Gateway, Settings, all_processes, executable, section, wait_for
from people import PAGE, Person, lacks_page, link
from platform_view import TOPIC, PlatformView
from sensor_nodes import SensorNode, Workshop

STEPS = ["begun", "sent", "marked", "restarted", "running", "confirmed"]
SLOW = ("--baud", "115200")  # 20 kB take two and a half seconds


def fits(name: str, value: Any) -> None:
    """Holds a message or a leaf against its schema."""
    schema = Path(__file__).resolve().parents[2] / f"sync/schemas/{name}.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(value)


def settings(*nodes: dict[str, Any]) -> Settings:
    made = Settings().building()
    made.parts.append(section("[[user]]", {"id": "op", "role": "operator"}))
    made.parts += [section("[[node]]", node) for node in nodes]
    return made


def firmware_tools_at(node: SensorNode) -> int:
    """How many processes speak with this node."""
    count = 0
    for pid in all_processes():
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            count += words[0].endswith(b"/jieding-node") and node.at.encode() in words
    return count


class RolloutTest(unittest.TestCase):
    def setUp(self) -> None:
        self.workshop = Workshop(Path(self.enterContext(tempfile.TemporaryDirectory())))

    def node(self, ident: str, *wishes: str, road: str = "--udp") -> SensorNode:
        return self.enterContext(SensorNode(self.workshop, ident, *wishes, road=road))

    def gateway(self, made: Settings) -> Gateway:
        gateway = self.enterContext(Gateway(made))
        self.addCleanup(lambda: setattr(gateway, "failed", bool(self._outcome and not self._outcome.success)))
        return gateway.start()

    def put(self, gateway: Gateway, person: Person, image: Path, sha256: str) -> tuple[int, Any]:
        connection = gateway.connection(60)
        headers = {**person.headers, "Content-Type": "application/octet-stream"}
        connection.request("PUT", f"/api/v1/firmware/{sha256}", image.read_bytes(), headers)
        answer = connection.getresponse()
        status, body = answer.status, json.loads(answer.read())
        connection.close()
        return status, body

    def keep(self, gateway: Gateway, person: Person, image: tuple[Path, str]) -> str:
        status, answer = self.put(gateway, person, *image)
        self.assertEqual((status, answer.get("sha256")), (200, image[1]), answer)
        return image[1]

    def command(self, gateway: Gateway, *words: object, expect: int = 0) -> str:
        done = subprocess.run([executable(), "rollout", words[0], "--config", gateway.config, *map(str, words[1:])],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def ended(self, gateway: Gateway, seconds: float = 60) -> dict[str, Any]:
        def over() -> Any:
            rollout = gateway.site()["rollout"]
            return rollout if rollout and rollout["status"] in ("done", "stopped") else None
        return wait_for("the end of the rollout", over, seconds)

    def events(self, gateway: Gateway) -> list[dict[str, Any]]:
        leaves = list(map(json.loads, gateway.leaves()))
        for leaf in leaves:
            fits("leaf", leaf)
        return [leaf["data"] for leaf in leaves if leaf["type"] == "rollout"]

    def test_what_the_platform_asks_for_comes_to_one_node_after_the_other(self) -> None:
        first, second = self.node("n1"), self.node("n2", *SLOW, road="--tcp")
        image = self.workshop.image("1.1.0", counter=7)
        with Broker() as broker, PlatformView(broker.port) as platform:
            made = settings(first.table(), second.table())
            made.uplink(broker.port)
            gateway = self.gateway(made)
            sha256 = self.keep(gateway, Person(gateway, "op"), image)
            answers: list[tuple[bytes, Any]] = []
            heard = threading.Event()
            asker = mqtt.Client("asker", protocol=mqtt.MQTTv5)

            def hear(_client: Any, _data: Any, message: Any) -> None:
                answers.append((message.properties.CorrelationData, json.loads(message.payload)))
                heard.set()
            asker.on_message = hear
            asker.on_connect = lambda client, *_: client.subscribe("city/answers", 1)
            asker.connect("127.0.0.1", broker.port)
            asker.loop_start()
            wait_for("the uplink", lambda: gateway.site()["uplink"]["state"] == "connected")

            def ask(request: dict[str, Any], number: bytes) -> Any:
                properties = Properties(PacketTypes.PUBLISH)
                properties.ResponseTopic, properties.CorrelationData = "city/answers", number
                fits("request", request)
                heard.clear()
                asker.publish(f"{TOPIC}/request", json.dumps(request), 1, properties=properties)
                self.assertTrue(heard.wait(30), "no answer")
                self.assertEqual(answers[-1][0], number)
                fits("answer", answers[-1][1])
                return answers[-1][1]
            self.assertFalse(ask({"op": "roll_out", "image": "0" * 64, "nodes": ["n1"]}, b"0")["ok"])
            said = ask({"op": "roll_out", "image": sha256, "nodes": ["n1", "n2"]}, b"1")
            self.assertTrue(said["ok"], said)
            again = ask({"op": "roll_out", "image": sha256, "nodes": ["n2"]}, b"2")
            self.assertEqual((again["ok"], "runs" in again["error"]), (False, True), again)
            rollout = self.ended(gateway)
            self.assertEqual((rollout["id"], rollout["status"], rollout["owner"]), (said["rollout"], "done", "platform"))
            self.assertEqual([first.runs(), second.runs()], ["1.1.0", "1.1.0"])
            wait_for("the platform's record", lambda: platform.size() == len(gateway.leaves()))
            self.assertEqual(platform.leaves, gateway.leaves())
            told = self.events(gateway)
            steps = [(each.get("node"), each.get("step"), each["status"]) for each in told]
            expected = [(None, None, "running")]
            expected += [(node, step, "running") for node in ("n1", "n2") for step in STEPS]
            expected[-1] = ("n2", "confirmed", "done")
            self.assertEqual(steps, expected)
            self.assertEqual({(each["image"], each["version"], each["security_counter"]) for each in told}, {(sha256, "1.1.0", 7)})
            self.assertFalse(ask({"op": "stop_rollout"}, b"3")["ok"])
            asker.disconnect()
            asker.loop_stop()

    def test_it_stops_by_itself_at_the_first_that_fails_or_falls_silent(self) -> None:
        for name, wishes in (("falls silent", ("--silent-after-reset",)), ("is away", ()), ("lies", ("--lies",))):
            with self.subTest(name), contextlib.ExitStack() as stack:
                ident = name.replace(" ", "-")
                bad = stack.enter_context(SensorNode(self.workshop, ident, *wishes))
                other = stack.enter_context(SensorNode(self.workshop, ident + "-2"))
                gateway = stack.enter_context(Gateway(settings(bad.table(back_within="2s"), other.table()))).start()
                if name == "is away":
                    bad.switch_off()
                operator = Person(gateway, "op")
                sha256 = self.keep(gateway, operator, self.workshop.image("1.1.0"))
                status, said, _ = operator.ask("POST", "/api/v1/rollout", {"image": sha256, "nodes": [bad.ident, other.ident]})
                self.assertEqual(status, 200, said)
                rollout = self.ended(gateway)
                self.assertEqual(rollout["status"], "stopped")
                self.assertEqual([node["step"] for node in rollout["nodes"]], ["failed", None])
                self.assertEqual(other.runs(), "1.0.0")
                reason = self.events(gateway)[-1]["reason"]
                self.assertEqual(reason, rollout["nodes"][0]["reason"])
                self.assertRegex(reason, r"\A[ -~]{8,200}\Z")
                self.assertNotIn(bad.at, reason, "where a node is, is nobody's business")

    def test_what_no_node_may_take_is_refused(self) -> None:
        node = self.node("n1")
        gateway = self.gateway(settings(node.table()))
        operator = Person(gateway, "op")
        for code, image in (("image_signature", self.workshop.image("1.1.0", key="test-only-p256.pem")),
                            ("image_board", self.workshop.image("1.1.0", board="rain")),
                            ("image_damaged", self.workshop.changed("1.1.0")),
                            ("image_damaged", self.workshop.torn("1.1.0"))):
            with self.subTest(code):
                status, said = self.put(gateway, operator, *image)
                self.assertEqual((status, said["code"]), (400, code), said)
                self.assertNotIn("node", said, "each node was asked")
        status, said = self.put(gateway, operator, self.workshop.image("1.1.0")[0], "0" * 64)
        self.assertEqual((status, said["code"], "SHA-256" in said["detail"]), (400, "image_damaged", True))
        self.assertEqual(list((gateway.state / "firmware").iterdir()), [], "what is refused leaves nothing")

        new = self.keep(gateway, operator, self.workshop.image("1.2.0", counter=9))
        old = self.keep(gateway, operator, self.workshop.image("1.3.0", counter=8))
        ask = lambda image, *nodes: operator.ask("POST", "/api/v1/rollout", {"image": image, "nodes": nodes})[0]  # noqa: E731
        self.assertEqual(ask("0" * 64, "n1"), 404)
        self.assertEqual(ask(new, "n9"), 404)
        self.assertEqual(ask(new), 400)
        self.assertEqual(ask(new, "n1", "n1"), 400)
        self.assertEqual(ask(new, "n1"), 200)
        self.assertEqual(ask(new, "n1"), 409, "one runs")
        self.assertEqual(self.ended(gateway)["status"], "done")
        status, said, _ = operator.ask("POST", "/api/v1/rollout", {"image": old, "nodes": ["n1"]})
        self.assertEqual((status, said["code"]), (409, "image_counter"), said)
        self.assertIn("security counter 8, less than 9", said["detail"])
        self.assertEqual(operator.ask("DELETE", "/api/v1/rollout")[0], 409)
        gateway.kill()
        gateway.start()
        self.assertEqual(Person(gateway, "op").ask("POST", "/api/v1/rollout", {"image": old, "nodes": ["n1"]})[0], 409)
        self.assertEqual(node.runs(), "1.2.0")

    def test_a_refused_start_names_the_node_that_does_not_take_the_image(self) -> None:
        takes, other = self.node("n1"), self.node("n11")
        gateway = self.gateway(settings(takes.table(), other.table(board="rain")))
        operator = Person(gateway, "op")
        sha256 = self.keep(gateway, operator, self.workshop.image("1.1.0"))
        status, said, _ = operator.ask("POST", "/api/v1/rollout", {"image": sha256, "nodes": ["n1", "n11"]})
        self.assertEqual((status, said["code"], said["node"]), (409, "image_board", "n11"), said)
        self.assertEqual(said["detail"], "node n11: the image is for another board")
        self.assertNotIn("node", operator.ask("POST", "/api/v1/rollout", {"image": "0" * 64, "nodes": ["n1"]})[1])
        self.assertEqual(takes.runs(), "1.0.0", "none begins where one does not take it")

    def test_an_older_version_comes_only_when_it_is_allowed(self) -> None:
        node = self.node("n1")
        gateway = self.gateway(settings(node.table()))
        operator = Person(gateway, "op")
        new, old, unsafe = (self.keep(gateway, operator, self.workshop.image(version, counter=counter))
                            for version, counter in (("1.2.0", 7), ("1.1.0", 7), ("1.1.9", 6)))

        def roll_out(image: str, **wish: bool) -> tuple[int, dict[str, Any]]:
            status, said, _ = operator.ask("POST", "/api/v1/rollout", {"image": image, "nodes": ["n1"], **wish})
            return status, self.ended(gateway) if status == 200 else said
        self.assertEqual(roll_out(new)[1]["status"], "done")
        rollout = roll_out(old)[1]
        self.assertEqual((rollout["status"], rollout["allow_older"]), ("stopped", False))
        self.assertIn("version 1.1.0 is not newer than 1.2.0, which the node runs", rollout["nodes"][0]["reason"])
        self.assertEqual(roll_out(old, allow_older="yes")[0], 400)
        self.assertEqual(roll_out(unsafe, allow_older=True)[0], 409, "a lower security counter never comes")
        rollout = roll_out(old, allow_older=True)[1]
        self.assertEqual((rollout["status"], rollout["allow_older"], node.runs()), ("done", True, "1.1.0"))
        self.assertEqual([each.get("allow_older") for each in self.events(gateway) if each["act"] == "start"], [None, None, True])
        self.command(gateway, "start", "--image", new, "n1")
        self.assertEqual(self.ended(gateway)["status"], "done")
        self.command(gateway, "start", "--image", old, "--allow-older", "n1")
        wait_for("the older version", lambda: node.runs() == "1.1.0")

    def test_each_node_is_asked_what_it_runs(self) -> None:
        here, away = self.node("n1"), self.node("n2")
        away.switch_off()
        gateway = self.gateway(settings(here.table(), away.table()))
        heard = lambda: [node["heard"] for node in gateway.site()["nodes"]]  # noqa: E731
        wait_for("the nodes' answers", lambda: all(heard()))
        self.assertEqual([(each["version"], each["confirmed"]) for each in heard()], [("1.0.0", True), (None, None)])
        sha256 = self.keep(gateway, Person(gateway, "op"), self.workshop.image("1.1.0"))
        self.command(gateway, "start", "--image", sha256, "n1")
        wait_for("the new version", lambda: heard()[0]["version"] == "1.1.0")
        self.assertTrue(heard()[0]["confirmed"])

    def test_nobody_but_the_operator(self) -> None:
        gateway = self.gateway(settings(self.node("n1").table()))
        for method, path, body in (("GET", "/api/v1/nodes", None), ("POST", "/api/v1/rollout", {}),
                                   ("DELETE", "/api/v1/rollout", None), ("PUT", "/api/v1/firmware/" + "0" * 64, {})):
            with self.subTest(method + " " + path):
                self.assertEqual(gateway.request(method, path, body)[0], 401)
        self.assertNotIn("udp:", json.dumps(gateway.site()["nodes"]))

    def test_killed_at_any_step_it_goes_on_and_never_twice_at_once(self) -> None:
        nodes = [self.node("n1", *SLOW, road="--tcp"), self.node("n2")]
        gateway = self.gateway(settings(*(node.table() for node in nodes)))
        for number, step in enumerate([*STEPS, "uploading"], 1):
            with self.subTest(step):
                version = f"1.{number}.0"
                sha256 = self.keep(gateway, Person(gateway, "op"), self.workshop.image(version, counter=number))
                self.command(gateway, "start", "--image", sha256, "--all")
                self.kill_at(gateway, step)
                wait_for("the end of the child", lambda: firmware_tools_at(nodes[0]) == 0, 5)
                gateway.start()
                rollout = self.ended(gateway)
                self.assertEqual(rollout["status"], "done", rollout)
                self.assertEqual([node.runs() for node in nodes], [version, version])
                told = [(each["node"], each["step"]) for each in self.events(gateway)
                        if each.get("rollout") == rollout["id"] and "step" in each]
                self.assertEqual(told, [(node, each) for node in ("n1", "n2") for each in STEPS if (node, each) in told])
                self.assertEqual(told.count(("n1", "confirmed")), 1)

    def upload_begins(self, gateway: Gateway) -> None:
        wait_for("the upload", lambda: gateway.site()["rollout"]["nodes"][0].get("percent", 0) > 0, every=0.01)

    def kill_at(self, gateway: Gateway, step: str) -> None:
        wanted = "begun" if step == "uploading" else step

        def there() -> bool:
            node = gateway.site()["rollout"]["nodes"][0]
            return STEPS.index(node["step"] or "begun") >= STEPS.index(wanted) and node["step"] is not None and (
                step != "uploading" or node.get("percent", 100) >= 30)
        wait_for(step, there, every=0.01)
        gateway.kill()

    def test_the_command_line_asks_the_running_gateway(self) -> None:
        node = self.node("n1", *SLOW, road="--tcp")
        gateway = self.gateway(settings(node.table(), self.node("n2").table()))
        image, sha256 = self.workshop.image("1.1.0", size=100_000)
        self.assertIn(sha256, self.command(gateway, "keep", image))
        self.assertIn("no image here", self.command(gateway, "start", "--image", "0" * 64, "n1", expect=1))
        self.assertIn("running", self.command(gateway, "start", "--image", sha256, "n1", "n2"))
        self.upload_begins(gateway)
        self.assertIn("stopping", self.command(gateway, "stop"))
        self.assertEqual(self.ended(gateway, 5)["status"], "stopped")
        said = self.command(gateway, "status")
        self.assertIn("n1: failed, stopped before the image was in the node\n  n2: waits", said)
        self.assertEqual(node.runs(), "1.0.0")
        self.command(gateway, "start", "--image", sha256, "n1")
        self.assertEqual(self.ended(gateway)["status"], "done")
        gateway.terminate()
        self.assertIn("n1  version 1.1.0", self.command(gateway, "status"))
        self.assertIn("does not run", self.command(gateway, "stop", expect=1))

    def test_a_clean_stop_in_the_middle_says_nothing_and_goes_on_later(self) -> None:
        node = self.node("n1", *SLOW, road="--tcp")
        gateway = self.gateway(settings(node.table()))
        sha256 = self.keep(gateway, Person(gateway, "op"), self.workshop.image("1.1.0", size=60_000))
        self.command(gateway, "start", "--image", sha256, "n1")
        self.upload_begins(gateway)
        self.assertEqual(gateway.terminate(), 0)
        self.assertEqual(firmware_tools_at(node), 0)
        gateway.start()
        self.assertEqual(self.ended(gateway)["status"], "done")
        self.assertNotIn("failed", [each.get("step") for each in self.events(gateway)])

    def test_the_operator_does_it_on_the_page(self) -> None:
        nodes = [self.node("n1", *SLOW, road="--tcp"), self.node("n2", *SLOW, road="--tcp")]
        gateway = self.gateway(settings(nodes[0].table(name="塔吊顶风速仪"), nodes[1].table(name="基坑水位计")))
        lacking = lacks_page(gateway)
        if lacking:
            self.skipTest(lacking)
        address = f"http://127.0.0.1:{gateway.ports['web']}/?signin={link(gateway, 'op')}"
        picture_folder = [os.environ["JIEDING_SHOTS"]] if "JIEDING_SHOTS" in os.environ else []
        images = [self.workshop.image("1.1.0", counter=7, size=60_000)[0], self.workshop.image("1.2.0", counter=6)[0],
                  self.workshop.image("1.1.0", board="rain")[0], self.workshop.torn("1.1.0")[0]]
        done = subprocess.run(["node", PAGE / "nodes.mjs", address, *images, *picture_folder],
                              capture_output=True, text=True, timeout=240, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual([node.runs() for node in nodes], ["1.1.0", "1.1.0"])

    def test_check_deep_asks_each_node(self) -> None:
        here, away = self.node("n1"), self.node("n2")
        away.switch_off()
        gateway = self.enterContext(Gateway(settings(here.table(), away.table())))
        done = subprocess.run([executable(), "check", "--deep", "--config", gateway.config], capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertIn(f"ok    node n1 at {here.at}: answers", done.stdout)
        self.assertIn(f"BAD   node n2 at {away.at}: ", done.stdout)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
