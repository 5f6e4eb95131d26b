"""Laws of the MQTT door: real clients are served, in the clear and under TLS; whatever got its PUBACK
survives kill -9, once; nothing that arrives stops the gateway.

    mqtt_push.py [--kills 20] [--seed 1]
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import paho.mqtt.client as paho

import paths  # noqa: F401  tests/site
from npm_packages import npm_packages
from gateway import Gateway, Settings, executable, patience, wait_for

DEVICES = ["hoist-1", "hoist-2", "crane-1"]
MQTT_JS = Path(__file__).resolve().parent / "mqtt_js"
options = argparse.Namespace(kills=20, seed=1)


def settings(**keys: object) -> Settings:
    made = Settings().building().mqtt(**keys)
    for device in DEVICES:
        made.mqtt_device(device)
    return made


def topic(device: str) -> str:
    return f"jieding/v1/push/{device}/readings"


def pack(second: int, value: float = 1) -> str:
    return f'[{{"n":"hoist_height","u":"m","v":{value},"t":{second}}}]'


def stored(gateway: Gateway) -> dict[tuple[str, int], int]:
    """How often each reading lies in the store: by device and second."""
    with gateway.database() as database:
        rows = database.execute("select s.device, r.at / 1000, count(*) from reading r"
                                " join series s on s.id = r.series group by 1, 2").fetchall()
    return {(device, at): times for device, at, times in rows}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed one for localhost."""
    certificate, key = folder / "box.pem", folder / "box.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class Clients(unittest.TestCase):
    """mosquitto_pub, Paho C and MQTT.js, as they come."""

    def setUp(self) -> None:
        self.at = int(time.time()) - 86400

    def mosquitto_pub(self, gateway: Gateway, version: str, payload: str, device: str = "hoist-1",
                      to: str = "", extra: list[str] = []) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["mosquitto_pub", "-h", "localhost", "-p", str(gateway.ports["mqtt"]), "-V", version,
             "-u", device, "-P", gateway.tokens[device], "-q", "1", "-t", to or topic(device),
             "-m", payload, *extra], capture_output=True, text=True, timeout=20 * patience())

    def run_publisher(self, gateway: Gateway, command: list[object], version: int, count: int,
                      **environment: str) -> int:
        """How many of `count` readings were acknowledged; they follow `self.at`."""
        arguments = [*command, gateway.ports["mqtt"], "hoist-1", version, count, self.at + 1]
        ended = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                               timeout=60 * patience(),
                               env={**os.environ, "TOKEN": gateway.tokens["hoist-1"], **environment})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.at += count
        return int(ended.stdout)

    def expect_stored(self, gateway: Gateway, count: int) -> None:
        self.assertEqual(gateway.terminate(), 0)
        found = stored(gateway)
        self.assertEqual(set(found.values()), {1})
        self.assertEqual(len(found), count)

    def test_mosquitto_pub_in_both_versions(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            for number, version in enumerate(["mqttv311", "mqttv5"]):
                sent = self.mosquitto_pub(gateway, version, pack(self.at + number))
                self.assertEqual((sent.returncode, sent.stderr), (0, ""))
            refused = self.mosquitto_pub(gateway, "mqttv5", "{bad")
            self.assertIn("Payload format invalid", refused.stderr + refused.stdout)
            self.assertEqual(self.mosquitto_pub(gateway, "mqttv311", "{bad").returncode, 0)
            foreign = self.mosquitto_pub(gateway, "mqttv5", pack(1), to=topic("hoist-2"))
            self.assertIn("Not authorized", foreign.stderr + foreign.stdout)
            gateway.tokens["hoist-1"] = "not-its-token-0123456789"
            self.assertNotEqual(self.mosquitto_pub(gateway, "mqttv5", pack(2)).returncode, 0)
            wait_for("the refusals on the page",
                     lambda: gateway.site()["counts"]["refused"] == 4, 5)
            self.expect_stored(gateway, 2)

    def test_paho_c_in_both_versions(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            for version in (4, 5):
                program = Path(os.environ["PAHO_PUBLISH"])
                self.assertEqual(self.run_publisher(gateway, [program], version, 500), 500)
            self.expect_stored(gateway, 1000)

    def mqtt_js(self) -> list[object]:
        if npm_packages(MQTT_JS) is None:
            self.skipTest("npm is not installed")
        return ["node", MQTT_JS / "publish.mjs"]

    def test_mqtt_js_in_both_versions(self) -> None:
        command = self.mqtt_js()
        with Gateway(settings()) as gateway:
            gateway.start()
            for version in (4, 5):
                self.assertEqual(self.run_publisher(gateway, command, version, 500), 500)
            self.expect_stored(gateway, 1000)

    def test_tls_with_the_certificate_of_the_page(self) -> None:
        made = settings(tls=True)
        with Gateway(made) as gateway:
            box, key = certificate(gateway.folder)
            made.tables["web"] |= {"tls_certificate": str(box), "tls_key": str(key)}
            gateway.config.write_text(made.text())
            gateway.start()
            for number, version in enumerate(["mqttv311", "mqttv5"]):
                sent = self.mosquitto_pub(gateway, version, pack(self.at + number),
                                          extra=["--cafile", str(box)])
                self.assertEqual((sent.returncode, sent.stderr), (0, ""))
            self.assertNotEqual(self.mosquitto_pub(gateway, "mqttv5", pack(1)).returncode, 0)
            self.at += 10
            count = 2
            if shutil.which("npm"):
                self.assertEqual(self.run_publisher(gateway, self.mqtt_js(), 5, 200, CA=str(box)), 200)
                count += 200
            self.expect_stored(gateway, count)

    def test_half_a_tls_handshake_holds_nobody_up(self) -> None:
        made = settings(tls=True, connect_timeout="1s")
        with Gateway(made) as gateway:
            box, key = certificate(gateway.folder)
            made.tables["web"] |= {"tls_certificate": str(box), "tls_key": str(key)}
            gateway.config.write_text(made.text())
            gateway.start()
            port = gateway.ports["mqtt"]
            half = [socket.create_connection(("127.0.0.1", port), timeout=10 * patience())
                    for _ in range(20)]
            for each in half:
                each.sendall(b"\x16\x03\x01\x02\x00\x01")
            sent = self.mosquitto_pub(gateway, "mqttv5", pack(self.at), extra=["--cafile", str(box)])
            self.assertEqual(sent.returncode, 0)
            for each in half:
                self.assertEqual(each.recv(1), b"")  # cut off after a second
                each.close()
            trusting = ssl.create_default_context(cafile=str(box))
            with socket.create_connection(("127.0.0.1", port)) as plain, \
                    trusting.wrap_socket(plain, server_hostname="localhost") as secured:
                self.assertIn(secured.version(), ("TLSv1.2", "TLSv1.3"))
            self.expect_stored(gateway, 1)


class Publisher(threading.Thread):
    """A device with twenty messages in flight that comes back however often it is cut off."""

    def __init__(self, gateway: Gateway, device: str, version: int) -> None:
        super().__init__(name=device, daemon=True)
        self.gateway, self.device = gateway, device
        self.first = self.second = int(time.time()) - 10 * 86400
        self.waiting: dict[int, int] = {}  # packet id -> second
        self.acknowledged: set[int] = set()
        self.answered: collections.deque[int] = collections.deque()
        self.ending = False
        fresh = {} if version == paho.MQTTv5 else {"clean_session": False}
        self.client = paho.Client(f"c-{device}", protocol=version, **fresh)
        self.client.username_pw_set(device, gateway.tokens[device])
        self.client.max_inflight_messages_set(20)
        self.client.on_publish = self.on_publish

    def on_publish(self, client: object, userdata: object, mid: int, *more: object) -> None:
        self.answered.append(mid)  # Paho holds a lock of its own here: no waiting

    def take_answers(self) -> None:
        for _ in range(len(self.answered)):
            mid = self.answered.popleft()
            if mid in self.waiting:
                self.acknowledged.add(self.waiting.pop(mid))

    def publish(self) -> None:
        self.take_answers()
        if len(self.waiting) < 20:
            self.second += 1
            sent = self.client.publish(topic(self.device), pack(self.second), qos=1)
            self.waiting[sent.mid] = self.second

    def settled(self) -> bool:
        self.take_answers()
        return not self.waiting

    def run(self) -> None:
        while not self.done():
            try:
                self.connect()
                while self.client.is_connected() and not self.done():
                    if not self.ending:
                        self.publish()
                    time.sleep(0.0005)
            except OSError:
                time.sleep(0.02)
            finally:
                self.client.loop_stop()
        self.client.disconnect()

    def done(self) -> bool:
        """Sent what it had to send, and all of it was answered."""
        return self.ending and self.settled()

    def connect(self) -> None:
        port = self.gateway.ports["mqtt"]
        if self.client._protocol == paho.MQTTv5:
            self.client.connect("127.0.0.1", port, clean_start=False)
        else:
            self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        end = time.monotonic() + 2
        while not self.client.is_connected() and time.monotonic() < end:
            time.sleep(0.002)


class KillLaw(unittest.TestCase):
    def test_what_got_its_puback_survives_kill_9_once(self) -> None:
        chance = random.Random(options.seed)
        with Gateway(settings()) as gateway:
            gateway.start()
            versions = [paho.MQTTv311, paho.MQTTv5, paho.MQTTv311]
            publishers = [Publisher(gateway, *each) for each in zip(DEVICES, versions)]
            for each in publishers:
                each.start()
            for _ in range(options.kills):
                time.sleep(chance.uniform(0.05, 0.6))
                gateway.kill()
                gateway.start()
            time.sleep(1)
            for each in publishers:
                each.ending = True
            for each in publishers:
                each.join(40 * patience())
                self.assertFalse(each.is_alive(), f"{each.device} waits for {len(each.waiting)} answers")
            self.assertEqual(gateway.terminate(), 0)
            found = stored(gateway)
            acknowledged = {(each.device, at) for each in publishers for at in each.acknowledged}
            print(f"kills {options.kills}, seed {options.seed}: {len(acknowledged)} acknowledged, "
                  f"{len(found)} stored, {sum(e.second - e.first for e in publishers)} sent")
            for each in publishers:
                self.assertGreater(len(each.acknowledged), 20 * options.kills / 10, each.device)
            self.assertEqual(sorted(acknowledged - set(found))[:10], [])
            self.assertEqual({key for key, times in found.items() if times != 1}, set())


class Hostile(unittest.TestCase):
    """Bytes that no client sends, between those of one that is served all the while."""

    def setUp(self) -> None:
        self.random = random.Random(options.seed)
        self.at = int(time.time()) - 86400

    def connect_packet(self, level: int, device: str, token: str) -> bytes:
        def text(words: str) -> bytes:
            return len(words).to_bytes(2, "big") + words.encode()
        body = (text("MQTT") + bytes([level, 0xC2, 0, 60]) + (b"\0" if level == 5 else b"")
                + text("x" + device) + text(device) + text(token))
        return bytes([0x10, len(body)]) + body

    def publish_packet(self, level: int, device: str, payload: bytes) -> bytes:
        name = topic(device).encode()
        body = (len(name).to_bytes(2, "big") + name + b"\0\1" + (b"\0" if level == 5 else b"")
                + payload)
        size = len(body)
        return b"\x32" + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + body

    def mutated(self, whole: bytes) -> bytes:
        broken = bytearray(whole)
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(broken))
            act = self.random.randrange(4)
            if act == 0:
                broken[at] = self.random.randrange(256)
            elif act == 1:
                del broken[at:at + self.random.randint(1, 9)]
            elif act == 2:
                broken[at:at] = self.random.randbytes(self.random.randint(1, 9))
            else:
                broken[at] ^= 1 << self.random.randrange(8)
            if not broken:
                broken = bytearray(b"\x10")
        return bytes(broken)

    def throw(self, port: int, text: bytes) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as thrown:
                thrown.sendall(text)
                thrown.shutdown(socket.SHUT_WR)
                while thrown.recv(4096):
                    pass
        except OSError:
            pass

    def test_nothing_that_arrives_stops_the_gateway(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            port = gateway.ports["mqtt"]
            served = paho.Client("served")
            served.username_pw_set("hoist-1", gateway.tokens["hoist-1"])
            served.connect("127.0.0.1", port)
            served.loop_start()
            before = 0
            for number in range(1500):
                level = self.random.choice([4, 5])
                hello = self.connect_packet(level, "crane-1", gateway.tokens["crane-1"])
                body = self.publish_packet(level, "crane-1", pack(self.at).encode())
                self.throw(port, self.random.choice([
                    lambda: self.mutated(hello + body), lambda: hello + self.mutated(body),
                    lambda: self.random.randbytes(self.random.randint(1, 200)),
                    lambda: hello + b"\x30\xff\xff\xff\x7f" + bytes(5000)])())
                if number % 100 == 0:
                    self.at += 1
                    served.publish(topic("hoist-1"), pack(self.at), 1).wait_for_publish(10)
                if number == 300:
                    before = gateway.resident_kb()
            served.disconnect()
            served.loop_stop()
            self.assertTrue(gateway.running())
            grown = gateway.resident_kb() - before
            print(f"hostile: {gateway.site()['counts']}, {grown} kB grown")
            self.assertLess(grown, 20_000)
            self.assertEqual(gateway.terminate(), 0)
            self.assertEqual(len([key for key in stored(gateway) if key[0] == "hoist-1"]), 15)

    def test_slow_senders_hold_only_their_small_buffer(self) -> None:
        with Gateway(settings(packet_timeout="60s")) as gateway:
            gateway.start()
            before = gateway.resident_kb()
            held = []
            for number in range(200):
                slow = socket.create_connection(("127.0.0.1", gateway.ports["mqtt"]), timeout=5)
                device = DEVICES[number % 3]
                hello = self.connect_packet(4, device, gateway.tokens[device])
                slow.sendall(hello if number < 3 else hello[:-3])  # three sign in, the others do not
                if number < 3:
                    slow.sendall(b"\x32\xff\xff\x0f" + b"\0\5topic")  # promises 262,143 bytes
                held.append(slow)
            time.sleep(0.5)
            grown = gateway.resident_kb() - before
            print(f"slow: 200 half packets, {grown} kB")
            self.assertLess(grown, 200 * 64)
            for each in held:
                each.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.parse_args(namespace=options)
    print(f"{executable()}, seed {options.seed}")
    unittest.main(argv=sys.argv[:1])
