#!/usr/bin/env python3
"""Holds recorded MQTT messages against the contract: sync/asyncapi.yaml and sync/schemas/.

Usage: validate_messages.py SYNC_FOLDER RECORD_FOLDER
RECORD_FOLDER has *.jsonl files of {"topic","content_type","retained","payload"} lines.
Exit: 0 all fit, 1 some do not, 77 a Python package is missing (the test is skipped).
"""
import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; install python3-jsonschema and python3-yaml")
    sys.exit(77)

# The tests about wrong input send these on purpose.
DELIBERATELY_WRONG = {
    ("MalformedReceiptIsIgnored", "receipt"),
    ("UnknownRequestIsAnsweredWithTheReason", "request"),
}
RETAINED_BY_BROKER_ONLY = {"state", "health", "receipt", "checkpoint"}


def load_contract(folder):
    document = yaml.safe_load((folder / "asyncapi.yaml").read_text(encoding="utf-8"))
    schemas = {}
    for path in sorted((folder / "schemas").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[f"schemas/{path.name}"] = schema
    channels = {}
    for name, channel in document["channels"].items():
        message = document["components"]["messages"][name]
        reference = message.get("payload", {}).get("$ref")
        if reference is not None and reference not in schemas:
            raise SystemExit(f"asyncapi.yaml: {name} names {reference}, which is not there")
        pattern = None
        if channel["address"]:
            pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(channel["address"])) + "$")
        channels[name] = (pattern, message["contentType"], schemas.get(reference))
    for operation in document["operations"].values():
        if operation["channel"]["$ref"].rsplit("/", 1)[1] not in channels:
            raise SystemExit(f"asyncapi.yaml: no channel {operation['channel']['$ref']}")
    return channels, schemas["schemas/leaf.schema.json"]


def channel_of(channels, topic):
    for name, (pattern, _, _) in channels.items():
        if pattern and pattern.match(topic):
            return name
    return "answer" if topic == "jieding/v1/answers" else None


def errors_of(channels, leaf_schema, message):
    name = channel_of(channels, message["topic"])
    if name is None:
        return None, [f"no channel has the topic {message['topic']}"]
    _, content_type, schema = channels[name]
    found = []
    if message["content_type"] != content_type:
        found.append(f"content type {message['content_type']!r} instead of {content_type!r}")
    if message["retained"] and name not in RETAINED_BY_BROKER_ONLY:
        found.append("retained")
    if schema is None:
        return name, found
    try:
        payload = message["payload"]
        if not content_type.startswith("text/"):
            payload = json.loads(payload)
    except (TypeError, ValueError) as error:
        return name, found + [f"not JSON: {error}"]
    validator = jsonschema.Draft202012Validator(schema)
    found += [error.message for error in validator.iter_errors(payload)]
    if name == "event" and not found:
        leaf = json.loads(payload["data"]["leaf"])
        found += [error.message for error in
                  jsonschema.Draft202012Validator(leaf_schema).iter_errors(leaf)]
        if leaf.get("index") != payload["data"]["index"] or payload["id"] != leaf.get("id"):
            found.append("event and leaf do not name the same index")
    return name, found


def main(sync_folder, record_folder):
    channels, leaf_schema = load_contract(pathlib.Path(sync_folder))
    seen = {name: 0 for name in channels}
    wrong = 0
    for path in sorted(pathlib.Path(record_folder).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            if not line:
                continue
            try:
                message = json.loads(line)
            except ValueError:
                if path.stem != "MalformedReceiptIsIgnored":
                    raise
                continue
            name, found = errors_of(channels, leaf_schema, message)
            if (path.stem, name) in DELIBERATELY_WRONG:
                continue
            if name is not None:
                seen[name] += 1
            for error in found:
                wrong += 1
                print(f"{path.name}:{number}: {message['topic']}: {error}")
    print(", ".join(f"{count} {name}" for name, count in seen.items()))
    missing = [name for name, count in seen.items() if count == 0]
    if missing:
        print(f"the tests showed no message of: {', '.join(missing)}")
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
