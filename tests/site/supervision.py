"""A small supervision platform: what the city runs, at the far end of the broker (MQTT 5).

It keeps every event leaf in its own file before the broker is told so, computes the Merkle root
itself (RFC 6962) and answers with receipts {size, root}. Killed at any instant, it goes on from its
file; the broker keeps its session meanwhile. A leaf that comes again must be the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

import merkle
from notebook import Notebook, read, replace
from part import say, secret, stop_on_signals, stopping

SESSION_EXPIRY_S = 24 * 3600


class Record:
    """The leaves in the order of the ledger, on disk, with the tree over them."""

    def __init__(self, path: Path) -> None:
        self._tree = merkle.Tree()
        self._leaves: list[str] = []
        for entry in read(path):
            self._take(entry["leaf"])
        self._notebook = Notebook(path, durable=True)

    def _take(self, leaf: str) -> None:
        self._tree.append(leaf.encode("utf-8"))
        self._leaves.append(leaf)

    def add(self, index: int, identity: str, leaf: str) -> str:
        """`new`, `repeated`, `gap` or `rewritten`."""
        if index < len(self._leaves):
            return "repeated" if self._leaves[index] == leaf else "rewritten"
        if index > len(self._leaves):
            return "gap"
        self._notebook.add({"index": index, "id": identity, "leaf": leaf})
        self._take(leaf)
        return "new"

    def close(self) -> None:
        self._notebook.close()

    def receipt(self) -> dict[str, Any]:
        return {"size": self._tree.size, "root": self._tree.root().hex()}


class Platform:
    def __init__(self, folder: Path, site: str, gateway: str) -> None:
        self._folder = folder
        self._root = f"jieding/v1/{site}/{gateway}/"
        self._gateway = gateway
        self.record = Record(folder / "events.jsonl")
        self._telemetry = Notebook(folder / "telemetry.jsonl")
        self._evidence = Notebook(folder / "evidence.jsonl")
        self._health = Notebook(folder / "health.jsonl")
        self._trouble = Notebook(folder / "trouble.jsonl")
        self._counts = {"events_received": 0, "repeated": 0, "gaps": 0, "receipts": 0, "state": 0}
        self._write_status()

    def subscribe(self, client: mqtt.Client) -> None:
        for name in ("event", "state/+", "health", "evidence/+", "telemetry"):
            client.subscribe(self._root + name, qos=1)

    def take(self, client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        kind = message.topic.removeprefix(self._root).split("/")[0]
        try:
            getattr(self, "_take_" + kind)(client, message)
        except (ValueError, KeyError, TypeError) as error:
            self._complain(f"{message.topic}: {error!r}")
        self._write_status()

    def _take_event(self, client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        event = json.loads(message.payload)
        index, leaf = event["data"]["index"], event["data"]["leaf"]
        self._check_event(message, event, index, leaf)
        self._counts["events_received"] += 1
        outcome = self.record.add(index, event["id"], leaf)
        if outcome == "rewritten":
            return self._complain(f"event {index} came again with other bytes")
        if outcome != "new":
            self._counts["repeated" if outcome == "repeated" else "gaps"] += 1
        self.send_receipt(client)

    def _check_event(self, message: mqtt.MQTTMessage, event: dict[str, Any], index: int, leaf: str) -> None:
        kind = getattr(message.properties, "ContentType", "")
        if kind != "application/cloudevents+json; charset=utf-8":
            self._complain(f"event {index}: content type {kind!r}")
        wanted = {
            "specversion": "1.0", "id": f"{self._gateway}/{index}", "sequence": f"{index:010d}",
            "type": f"io.jieding.{json.loads(leaf)['type']}.v1",
        }
        for name, value in wanted.items():
            if event.get(name) != value:
                self._complain(f"event {index}: {name} is {event.get(name)!r}, not {value!r}")
        if json.loads(leaf)["index"] != index:
            self._complain(f"event {index}: its leaf says {json.loads(leaf)['index']}")

    def _take_telemetry(self, _client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        base = ""
        for entry in json.loads(message.payload):
            base = entry.get("bn", base)
            device, name = (base + entry["n"]).rsplit(":", 2)[-2:]
            self._telemetry.add({"device": device, "n": name, "t": entry["t"], "v": entry["v"],
                                 "flag": entry.get("flag", "")})

    def _take_evidence(self, _client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        named = message.topic.rsplit("/", 1)[1]
        if hashlib.sha256(message.payload).hexdigest() != named:
            return self._complain(f"evidence {named} is not what its name says")
        self._evidence.add({"sha256": named, "bytes": len(message.payload)})

    def _take_state(self, _client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        self._counts["state"] += 1
        replace(self._folder / "state.json", json.loads(message.payload))

    def _take_health(self, _client: mqtt.Client, message: mqtt.MQTTMessage) -> None:
        self._health.add({"retained": bool(message.retain), **json.loads(message.payload)})

    def send_receipt(self, client: mqtt.Client) -> None:
        self._counts["receipts"] += 1
        client.publish(self._root + "receipt", json.dumps(self.record.receipt()), qos=1, retain=True)

    def _complain(self, text: str) -> None:
        say(f"platform: {text}")
        self._trouble.add({"what": text})

    def _write_status(self) -> None:
        replace(self._folder / "status.json", {**self.record.receipt(), **self._counts})


def connect(platform: Platform, host: str, port: int, user: str, password: str) -> mqtt.Client:
    client = mqtt.Client(client_id=f"platform-{user}", protocol=mqtt.MQTTv5)
    client.username_pw_set(user, password)
    client.reconnect_delay_set(min_delay=1, max_delay=5)

    def connected(client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason != 0:
            return say(f"platform: the broker refuses: {reason}")
        platform.subscribe(client)
        platform.send_receipt(client)  # where it stands; the box sends what is missing

    client.on_connect = connected
    client.on_message = lambda client, _data, message: platform.take(client, message)
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = SESSION_EXPIRY_S
    properties.ReceiveMaximum = 200
    client.connect(host, port, keepalive=20, clean_start=False, properties=properties)
    return client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="platform")
    parser.add_argument("--password-file", required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where it keeps what it received")
    options = parser.parse_args()
    stop_on_signals()
    options.folder.mkdir(parents=True, exist_ok=True)
    platform = Platform(options.folder, options.site, options.gateway)
    client = connect(platform, options.host, options.port, options.user, secret(options.password_file))
    client.loop_start()
    stopping.wait()
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    main()
