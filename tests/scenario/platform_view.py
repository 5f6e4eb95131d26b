"""What a supervision platform sees: a consumer of its own over MQTT 5, with its own Merkle tree."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

import paths  # noqa: F401  (makes tests/site importable)
from gateway import BOX, SITE
from merkle import Tree, leaf_hash, node_hash

TOPIC = f"jieding/v1/{SITE}/{BOX}"


def merkle_root(leaves: list[str]) -> str:
    """RFC 6962, section 2.1, as it stands there: split at the largest power of two below the size.
    The second opinion beside the tree that grows."""

    def root(hashes: list[bytes]) -> bytes:
        if len(hashes) < 2:
            return hashes[0] if hashes else hashlib.sha256(b"").digest()
        split = 1 << (len(hashes) - 1).bit_length() - 1
        return node_hash(root(hashes[:split]), root(hashes[split:]))

    return root([leaf_hash(leaf.encode()) for leaf in leaves]).hex()


class PlatformView:
    """Keeps the leaves it holds without gap and says so in receipts. What it holds survives
    `stop` and `start`; what was only received does not. Answers nothing while `mute`."""

    def __init__(self, port: int, name: str = "platform") -> None:
        self.port = port
        self.name = name
        self.lock = threading.Lock()
        self.leaves: list[str] = []         # without gap, from 0 on
        self.early: dict[int, str] = {}     # came before the ones below them
        self.tree = Tree()
        self.arrivals: list[int] = []       # index of every event message, repeats too
        self.contradictions: list[int] = []  # the same index came with another text
        self.telemetry: dict[tuple[str, str, float], set[float]] = {}
        self.telemetry_packs = 0
        self.evidence: dict[str, bytes] = {}
        self.states: dict[str, Any] = {}
        self.health: list[str] = []
        self.mute = False
        self.client: mqtt.Client | None = None

    def __enter__(self) -> "PlatformView":
        return self.start()

    def __exit__(self, *unused: object) -> None:
        self.stop()

    def start(self) -> "PlatformView":
        client = mqtt.Client(self.name, protocol=mqtt.MQTTv5)
        client.on_connect = self._connected
        client.on_message = self._message
        client.reconnect_delay_set(1, 1)
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = 3600
        client.connect("127.0.0.1", self.port, clean_start=False, properties=session)
        client.loop_start()
        self.client = client
        return self

    def stop(self) -> None:
        if self.client:
            self.client.disconnect()
            self.client.loop_stop()
            self.client = None
            self.early.clear()

    def _connected(self, client: mqtt.Client, *unused: object) -> None:
        client.subscribe([(f"{TOPIC}/{lane}", 1) for lane in
                          ("event", "state/+", "health", "evidence/+", "telemetry")])
        self._receipt()

    def _message(self, client: mqtt.Client, unused: object, message: mqtt.MQTTMessage) -> None:
        lane = message.topic.removeprefix(TOPIC + "/")
        with self.lock:
            if lane == "event":
                self._event(json.loads(message.payload))
            elif lane == "telemetry":
                self._telemetry(json.loads(message.payload))
            elif lane == "health":
                self.health.append(json.loads(message.payload)["state"])
            elif lane.startswith("evidence/"):
                self.evidence[lane.removeprefix("evidence/")] = message.payload
            elif lane.startswith("state/"):
                self.states[lane.removeprefix("state/")] = json.loads(message.payload)["data"]

    def _event(self, event: dict[str, Any]) -> None:
        index, leaf = event["data"]["index"], event["data"]["leaf"]
        self.arrivals.append(index)
        if event["id"] != f"{BOX}/{index}" or event["sequence"] != f"{index:010d}":
            self.contradictions.append(index)
        known = self.leaves[index] if index < len(self.leaves) else self.early.get(index, leaf)
        if known != leaf:
            self.contradictions.append(index)
        if index >= len(self.leaves):
            self.early[index] = leaf
        while len(self.leaves) in self.early:
            taken = self.early.pop(len(self.leaves))
            self.leaves.append(taken)
            self.tree.append(taken.encode())
        self._receipt()

    def _telemetry(self, pack: list[dict[str, Any]]) -> None:
        base = ""
        self.telemetry_packs += 1
        for record in pack:
            base = record.get("bn", base)
            device = base.removesuffix(":").rsplit(":", 1)[-1]
            identity = (device, record["n"], round(record["t"] + record.get("bt", 0), 3))
            self.telemetry.setdefault(identity, set()).add(record["v"])

    def _receipt(self) -> None:
        if self.client and not self.mute:
            text = json.dumps({"size": self.tree.size, "root": self.tree.root().hex()})
            self.client.publish(f"{TOPIC}/receipt", text, 1, retain=True)

    def speak_again(self) -> None:
        with self.lock:
            self.mute = False
            self._receipt()

    def size(self) -> int:
        with self.lock:
            return self.tree.size

    def root(self) -> str:
        with self.lock:
            return self.tree.root().hex()

    def wait_quiet(self, seconds: float = 1.0) -> None:
        """Until no telemetry came for so long."""
        seen = -1
        while seen != self.telemetry_packs:
            seen = self.telemetry_packs
            time.sleep(seconds)
