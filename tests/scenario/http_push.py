"""Laws of the HTTP door: gateway/web/openapi.yaml says what the real server answers; every refusal is a
problem details object (RFC 9457); a request with an Idempotency-Key is done once, over kill -9 too; a
claim's document is kept as it was handed in; a hoist's floor is a witness of its building."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; install python3-jsonschema and python3-yaml")
    sys.exit(77)

import policy
from gateway import Gateway, Settings, executable, section, senml, wait_for
from people import PAGE
from pictures import has_played, usable_frames
from sensor_nodes import SensorNode, Workshop

CONTRACT = Path(__file__).resolve().parents[2] / "gateway/web/openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")
PDF = b"%PDF-1.7 minutes of the topping-out"
SHA256 = hashlib.sha256(PDF).hexdigest()
UNKNOWN = "0" * 64
NOON = 1773547200
#: The server itself may answer any path so; the file says it at its top.
ANYWHERE = {400, 404, 405, 413, 421, 429, 431, 500}


class SaidOnce(yaml.SafeLoader):
    """Refuses a key that a mapping has twice: the last would undo the others without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} is said twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class Contract:
    """The OpenAPI file, its references resolved where they are needed."""

    def __init__(self) -> None:
        self.file = yaml.load(CONTRACT.read_text(encoding="utf-8"), SaidOnce)
        self.answered: set[tuple[str, str, int]] = set()

    def at(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            target = self.file
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def references(self, node: Any) -> list[str]:
        if isinstance(node, list):
            return [each for child in node for each in self.references(child)]
        if not isinstance(node, dict):
            return []
        own = [node["$ref"]] if "$ref" in node else []
        return own + [each for child in node.values() for each in self.references(child)]

    def operations(self) -> list[tuple[str, str, Any]]:
        return [(method, path, item[method]) for path, item in self.file["paths"].items()
                for method in METHODS if method in item]

    def operation(self, method: str, target: str) -> tuple[str, Any]:
        for known, path, operation in self.operations():
            pattern = re.sub(r"\{\w+\}", "[^/]+", path.replace("{rest...}", ".+"))
            if known == method.lower() and re.fullmatch(pattern, target.split("?")[0]):
                return path, operation
        raise AssertionError(f"{method} {target} is not described")

    def validator(self, schema: Any) -> jsonschema.Draft202012Validator:
        whole = {**schema, "components": self.file["components"]}
        return jsonschema.Draft202012Validator(whole)

    def complaint(self, method: str, target: str, status: int, kind: str, body: bytes) -> str:
        """What of an answer is not as described; empty: nothing."""
        path, operation = self.operation(method, target)
        self.answered.add((method.lower(), path, status))
        described = self.at(operation["responses"].get(str(status)))
        if described is None and status in ANYWHERE:
            described = self.at({"$ref": "#/components/responses/Problem"})
        if described is None:
            return f"status {status} is not described"
        content = described.get("content", {})
        if not content:
            return f"a body of {kind}" if body else ""
        bare = kind.split(";")[0]
        if bare not in content:
            return f"content type {kind} is not described for {status}"
        schema = content[bare].get("schema")
        if schema is None or bare not in ("application/json", "application/problem+json"):
            return ""
        errors = sorted(self.validator(schema).iter_errors(json.loads(body)), key=str)
        return f"{errors[0].json_path}: {errors[0].message}" if errors else ""


def raw(port: int, request: bytes) -> tuple[int, str, bytes]:
    """One answer to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer) < whole_length(answer):
            more = wire.recv(65536)
            if not more:
                break
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    kind = re.search(rb"(?i)content-type: ([^\r]*)", head)
    return int(head.split()[1]), kind.group(1).decode() if kind else "", body


def whole_length(answer: bytes) -> int:
    head, _, _ = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return len(head) + 4 + (int(length.group(1)) if length else 0)


class Door:
    """Asks the gateway and holds each answer against the contract."""

    def __init__(self, test: unittest.TestCase, gateway: Gateway, contract: Contract) -> None:
        self.test, self.gateway, self.contract = test, gateway, contract

    def ask(self, method: str, target: str, expected: int, body: Any = None, kind: str = "application/json",
            announced: int = 0, **headers: str) -> tuple[bytes, dict[str, str]]:
        """`announced`: bytes that are said to come and do not, because the answer must not wait for them."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None or announced:
            sent["Content-Type"] = kind
        if announced:
            sent["Content-Length"] = str(announced)
        text = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.gateway.connection()
        try:
            connection.request(method, target, text, sent)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        what = f"{method} {target}: {answer.status} {read[:300]!r}"
        self.test.assertEqual(answer.status, expected, what)
        got = answer.headers.get("Content-Type", "")
        self.test.assertEqual(self.contract.complaint(method, target, answer.status, got, read), "", what)
        if answer.status >= 400:
            self.test.assertEqual(got, "application/problem+json", what)
            self.test.assertEqual(json.loads(read)["status"], answer.status, what)
        return read, {name.lower(): value for name, value in answer.headers.items()}

    def device(self, method: str, target: str, expected: int, body: Any = None,
               kind: str = "application/json", device: str = "site-office", **headers: str) -> bytes:
        token = self.gateway.tokens[device]
        return self.ask(method, target, expected, body, kind, Authorization=f"Bearer {token}", **headers)[0]


def settings() -> Settings:
    made = Settings().building().pushing_device("site-office").pushing_device("hoist-1")
    made.tables["web"]["open_to_viewers"] = False
    for user, role in (("wang", "group"), ("zhao", "operator")):
        made.parts.append(section("[[user]]", {"id": user, "name": user, "role": role}))
    return made


def sign_in(door: Door, *who: str) -> dict[str, str]:
    """Cookie and CSRF token of a person, or of a viewer."""
    kind = ["sign-in"] if who else ["viewer"]
    named = ["--user", *who] if who else []
    link = subprocess.run([executable(), "link", *kind, "--config", door.gateway.config, *named],
                          check=True, capture_output=True, text=True).stdout
    token = re.search(r"[#=/]([A-Za-z0-9_-]{20,})\s*$", link, re.MULTILINE)
    assert token, link
    body, headers = door.ask("POST", "/api/v1/session", 200, {"token": token.group(1)})
    return {"Cookie": headers["set-cookie"].split(";")[0], "X_CSRF_Token": json.loads(body)["csrf"]}


class HttpPush(unittest.TestCase):
    def test_contract_is_openapi_31_and_its_references_lead_somewhere(self) -> None:
        contract = Contract()
        self.assertRegex(contract.file["openapi"], r"^3\.1\.")
        for reference in contract.references(contract.file):
            self.assertIsNotNone(contract.at({"$ref": reference}), reference)
        for name, schema in contract.file["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)
        for method, path, operation in contract.operations():
            with self.subTest(f"{method} {path}"):
                self.assertTrue(operation["summary"])
                self.assertTrue(any(status.startswith("2") for status in operation["responses"]))
                own, shared = operation.get("parameters", []), contract.file["paths"][path].get("parameters", [])
                named = {each["name"] for each in map(contract.at, own + shared) if each["in"] == "path"}
                self.assertEqual(named, set(re.findall(r"\{([^}]+)\}", path)))

    def test_a_site_with_pictures_and_deadlines_is_as_described(self) -> None:
        """Schemas of answers are closed: a field that the file does not name is a fault."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        frames = usable_frames()[::12]
        for frame in frames:
            (folder / frame.name).write_bytes(frame.read_bytes())
        made = policy.settings(folder).pushing_device("crew")
        with Gateway(made) as gateway:
            gateway.start()
            wait_for("the last picture", lambda: has_played(gateway, frames[-1].name), 120)
            door = Door(self, gateway, Contract())
            self.assertEqual(gateway.claim("crew", "b1", "storey_cast", 1, "2024-06-01T00:00:00Z")[0], 200)
            gateway.push("crew", [senml("wind_speed", "m/s", 3.0, 1717200000)])
            told = json.loads(door.ask("GET", "/api/v1/site", 200)[0])["policy"]
            self.assertTrue(told["deadlines"])
            self.expect_the_page_to_be_tried_on_it(told)
            self.assertTrue(json.loads(door.ask("GET", "/api/v1/buildings/b1/history", 200)[0])["points"])
            for target in ("/api/v1/bulletin?from=2024-03-01&to=2024-06-30", "/api/v1/devices/crew/readings", "/api/v1/events"):
                door.ask("GET", target, 200)

    def expect_the_page_to_be_tried_on_it(self, told: Any) -> None:
        """The page's tests stand on a policy that was written down: it is as described, and its rules are a box's."""
        written = json.loads((PAGE / "policy.json").read_text())
        contract = Contract()
        for schema, part in (("Policy", written["policy"]), ("Forecast", written["forecast"]), *(("Households", one) for one in written["households"])):
            contract.validator({"$ref": f"#/components/schemas/{schema}"}).validate(part)
        self.assertEqual(written["policy"]["rules"], told["rules"], "take tests/page/policy.json anew from a box")

    def test_server_answers_as_described(self) -> None:
        contract = Contract()
        self.workshop = Workshop(Path(self.enterContext(tempfile.TemporaryDirectory())))
        node = self.enterContext(SensorNode(self.workshop, "wind-1", "--baud", "9600", road="--tcp"))
        made = settings()
        made.parts += [section("[[node]]", each) for each in (node.table(), node.table(id="rain-1", at="udp:127.0.0.1:9", board="rain"))]
        with Gateway(made) as gateway:
            gateway.start()
            door = Door(self, gateway, contract)
            self.devices_push(door)
            self.devices_claim(door)
            self.people_read(door)
            self.people_act(door)
            self.people_find(door)
            self.people_count_households(door)
            self.people_see_their_seats(door)
            self.the_operator_looks_after_the_box(door)
            self.operators_bring_firmware(door)
        for method, path, operation in contract.operations():
            if path.endswith(("/stream", "/frames", "/evidence/{sha256}", "/setup", "/ruler")):
                continue  # a stream ends only with the connection; the others need vision and its pictures
            with self.subTest(f"{method} {path}"):
                good = {(method, path, int(status)) for status in operation["responses"]
                        if status.startswith("2")}
                self.assertTrue(good & contract.answered, "was never answered well here")

    def devices_push(self, door: Door) -> None:
        readings, senml = "/api/v1/readings", "application/senml+json"
        pack = [{"n": "pm10", "v": 81, "t": NOON}]
        door.device("POST", readings, 200, pack, senml)
        door.device("POST", readings, 200, {"pm10": 81, "noise": {"value": 62, "unit": "dB"}})
        door.device("POST", readings, 200, [{"quantity": "pm10", "value": 81, "time": NOON}])
        door.device("POST", readings, 400, {"pm10": "81"})
        door.device("POST", readings, 400, b"[" * 200)
        door.device("POST", readings, 400, pack, senml, Idempotency_Key="two words")
        door.device("POST", readings, 403, {"hoist-1/pm10": 81})
        door.device("POST", readings, 413, b" " * 300_000)
        door.device("POST", readings, 413, [{"quantity": "q", "value": 1}] * 2001)
        door.device("POST", readings, 415, b"pm10=81", "application/x-www-form-urlencoded")
        door.ask("POST", readings, 401, pack, senml)
        door.ask("POST", readings, 401, pack, senml, Authorization="Bearer guess")

    def devices_claim(self, door: Door) -> None:
        claims, documents = "/api/v1/claims", "/api/v1/documents/"
        claim = {"building": "b1", "milestone": "topping_out", "at": "2026-03-01T04:00:00Z",
                 "document_sha256": SHA256}
        door.device("POST", claims, 409, claim)  # its document is not here yet
        door.device("PUT", documents + SHA256, 201, PDF, "application/pdf")
        door.device("PUT", documents + SHA256, 200, PDF, "application/pdf")
        door.device("PUT", documents + UNKNOWN, 400, PDF, "application/pdf")
        door.device("PUT", documents + SHA256, 415, PDF, "image/png")
        door.device("PUT", documents + SHA256, 415, PDF, "text/html")
        door.ask("PUT", documents + SHA256, 401, PDF, "application/pdf")
        self.assertEqual(json.loads(door.device("POST", claims, 200, claim))["status"], "candidate")
        door.device("POST", claims, 400, {**claim, "milestone": "party"})
        door.device("POST", claims, 413, b" " * 20_000)
        door.device("POST", claims, 415, b"{}", "text/plain")
        door.ask("POST", claims, 401, claim)

    def people_read(self, door: Door) -> None:
        viewer, operator = sign_in(door), sign_in(door, "zhao")
        for path in ("/", "/healthz", "/checkpoint", "/tile/0/000.p/1", "/tile/entries/000.p/1"):
            door.ask("GET", path, 200)
        door.ask("GET", "/tile/0/999", 404)
        leaves, _ = door.ask("GET", "/api/v1/events", 200, **viewer)
        documents = [json.loads(leaf)["data"].get("document_sha256") for leaf in json.loads(leaves)["events"]]
        self.assertIn(SHA256, documents)
        door.ask("GET", "/", 200, **viewer)
        for path in ("/api/v1/site", "/api/v1/buildings/b1/history", "/api/v1/events", "/api/v1/session",
                     "/api/v1/milestone-kinds", "/api/v1/devices/hoist-1/readings"):
            door.ask("GET", path, 401)
            door.ask("GET", path, 200, **viewer)
        door.ask("GET", "/api/v1/buildings/b9/history", 404, **viewer)
        door.ask("GET", "/api/v1/devices/none/readings", 404, **viewer)
        door.ask("GET", "/api/v1/events?count=1001", 400, **viewer)
        door.ask("GET", "/api/v1/evidence/" + SHA256, 404, **viewer)  # a document is no picture
        door.ask("GET", "/api/v1/documents/" + SHA256, 401)
        door.ask("GET", "/api/v1/documents/" + SHA256, 403, **viewer)
        door.ask("GET", "/api/v1/documents/" + UNKNOWN, 404, **operator)
        bytes_read, headers = door.ask("GET", "/api/v1/documents/" + SHA256, 200, **operator)
        self.assertEqual((bytes_read, headers["content-type"]), (PDF, "application/pdf"))
        door.ask("GET", "/api/v1/quarantine", 403, **viewer)
        door.ask("GET", "/api/v1/quarantine?count=201", 400, **operator)
        door.ask("GET", "/api/v1/quarantine", 200, **operator)

    def people_act(self, door: Door) -> None:
        operator = sign_in(door, "zhao")
        documents = "/api/v1/documents"
        door.ask("POST", documents, 401, PDF, "application/pdf")
        door.ask("POST", documents, 415, b"MZ", "application/pdf", **operator)
        door.ask("POST", documents, 200, PDF, "application/pdf", **operator)
        keys = sign_in(door, "wang")
        door.ask("POST", documents, 403, PDF, "application/pdf", **keys)
        act = {"building": "b1", "milestone": "topping_out", "act": "confirm"}
        path = "/api/v1/milestones"
        door.ask("POST", path, 401, act)
        door.ask("POST", path, 403, act, Cookie=keys["Cookie"])
        door.ask("POST", path, 415, b"x", "text/plain", **keys)
        door.ask("POST", path, 400, {**act, "act": "cheer"}, **keys)
        site, _ = door.ask("GET", "/api/v1/site", 200, **keys)
        trusted = json.loads(site)["clock"]["quality"] == "synced"
        door.ask("POST", path, 200 if trusted else 503, act, **keys)  # nothing is confirmed at an unknown time
        if not trusted:
            door.contract.answered.add(("post", path, 200))
        door.ask("POST", "/api/v1/session", 401, {"token": "guess"})
        door.ask("POST", "/api/v1/session", 400, {"tokens": "guess"})
        door.ask("POST", "/api/v1/session", 415, b"x", "text/plain")
        door.ask("DELETE", "/api/v1/session", 403, Cookie=keys["Cookie"])
        door.ask("DELETE", "/api/v1/session", 204, **keys)

    def people_find(self, door: Door) -> None:
        group, viewer = sign_in(door, "wang"), sign_in(door)
        findings, photos = "/api/v1/findings", "/api/v1/photos"
        photo = usable_frames()[0].read_bytes()
        door.ask("POST", photos, 401, photo, "image/jpeg")
        door.ask("POST", photos, 403, photo, "image/jpeg", **viewer)
        door.ask("POST", photos, 415, photo, "image/heic", **group)
        door.ask("POST", photos, 400, b"no photo", "image/jpeg", **group)
        kept, _ = door.ask("POST", photos, 201, photo, "image/jpeg", **group)
        finding = {"kind": "quality", "place": "gate", "text": "a crack", "photos": [json.loads(kept)["sha256"]]}
        door.ask("POST", findings, 400, {**finding, "kind": "beauty"}, **group)
        door.ask("POST", findings, 409, {**finding, "photos": [UNKNOWN]}, **group)
        raised, _ = door.ask("POST", findings, 201, finding, **group)
        one = f"{findings}/{json.loads(raised)['finding']}"
        door.ask("POST", one + "/steps", 403, {"act": "answer", "text": "soon"}, **group)
        door.ask("POST", one + "/steps", 200, {"act": "close"}, **group)
        door.ask("POST", one + "/steps", 409, {"act": "close"}, **group)
        for path in (findings, one):
            door.ask("GET", path, 401)
            door.ask("GET", path, 200, **viewer)
        door.ask("GET", findings + "/999", 404, **viewer)
        door.ask("GET", findings + "?count=1001", 400, **viewer)

    def people_count_households(self, door: Door) -> None:
        viewer, operator, group = sign_in(door), sign_in(door, "zhao"), sign_in(door, "wang")
        path = "/api/v1/households"
        site, _ = door.ask("GET", "/api/v1/site", 200, **operator)
        count = {"subject": "project", "counted": "2024-04-01", "awaiting_return": 320, "housed": 80,
                 "awaiting_registration": 80}
        door.ask("POST", path, 401, count)
        door.ask("POST", path, 403, count, **group)
        door.ask("POST", path, 400, {**count, "names": "Wang"}, **operator)
        door.ask("POST", path, 404, {**count, "subject": "p9"}, **operator)
        trusted = json.loads(site)["clock"]["quality"] != "unsynced"
        door.ask("POST", path, 201 if trusted else 503, count, **operator)
        if trusted:
            door.ask("POST", path, 409, count, **operator)
        else:  # nothing is counted at an unknown time
            door.contract.answered.add(("post", path, 201))
        door.ask("GET", path, 401)
        door.ask("GET", path, 200, **viewer)

    def operators_bring_firmware(self, door: Door) -> None:
        operator, group = sign_in(door, "zhao"), sign_in(door, "wang")
        image, sha256 = self.workshop.image("1.1.0")
        firmware, rollout, bytes_of = "/api/v1/firmware/", "/api/v1/rollout", "application/octet-stream"
        door.ask("GET", "/api/v1/nodes", 403, **group)
        door.ask("PUT", firmware + sha256, 403, image.read_bytes(), bytes_of, **group)
        door.ask("PUT", firmware + sha256, 415, image.read_bytes(), "application/json", **operator)
        door.ask("PUT", firmware + sha256, 413, kind=bytes_of, announced=(16 << 20) + 1, **operator)
        door.ask("PUT", firmware + "x", 404, image.read_bytes(), bytes_of, **operator)
        door.ask("PUT", firmware + sha256, 400, image.read_bytes()[:-1], bytes_of, **operator)
        door.ask("PUT", firmware + sha256, 200, image.read_bytes(), bytes_of, **operator)
        wish = {"image": sha256, "nodes": ["wind-1"]}
        door.ask("POST", rollout, 403, wish, **group)
        door.ask("POST", rollout, 400, {**wish, "hurry": True}, **operator)
        door.ask("POST", rollout, 404, {**wish, "nodes": ["wind-9"]}, **operator)
        door.ask("POST", rollout, 409, {**wish, "nodes": ["wind-1", "rain-1"]}, **operator)
        door.ask("POST", rollout, 200, wish, **operator)
        door.ask("POST", rollout, 409, wish, **operator)
        nodes, _ = door.ask("GET", "/api/v1/nodes", 200, **operator)
        self.assertEqual(json.loads(nodes)["rollout"]["status"], "running")
        door.ask("DELETE", rollout, 200, **operator)
        door.ask("GET", "/api/v1/site", 200, **operator)

    def people_see_their_seats(self, door: Door) -> None:
        viewer, operator, group = sign_in(door), sign_in(door, "zhao"), sign_in(door, "wang")
        for path in ("/api/v1/bulletin", "/bulletin"):
            door.ask("GET", path, 401)
            door.ask("GET", path + "?period=year", 400, **viewer)
            door.ask("GET", path, 200, **viewer)
        for path in ("/api/v1/cameras", "/api/v1/users"):
            door.ask("GET", path, 403, **group)
            door.ask("GET", path, 200, **operator)
        door.ask("POST", "/api/v1/users/wang/links", 200, **operator)
        door.ask("PUT", "/api/v1/password", 204, {"password": "five plain words for this"}, **group)
        other = sign_in(door, "wang")
        sessions, _ = door.ask("GET", "/api/v1/sessions", 200, **group)
        theirs = next(each["id"] for each in json.loads(sessions)["sessions"] if not each["own"])
        door.ask("DELETE", "/api/v1/sessions/" + theirs, 204, **group)
        door.ask("GET", "/api/v1/sessions", 401, **other)

    def the_operator_looks_after_the_box(self, door: Door) -> None:
        operator, group = sign_in(door, "zhao"), sign_in(door, "wang")
        users, pictures, tokens = "/api/v1/users", "/api/v1/public-pictures", "/api/v1/tokens"
        sun = {"id": "sun", "name": "Sun", "role": "contractor"}
        door.ask("POST", users, 403, sun, **group)
        door.ask("POST", users, 400, {**sun, "role": "platform"}, **operator)
        door.ask("POST", users, 415, b"x", "text/plain", **operator)
        door.ask("POST", users, 204, sun, **operator)
        door.ask("POST", users, 409, sun, **operator)
        door.ask("PUT", users + "/sun", 204, {"role": "group", "disabled": True}, **operator)
        door.ask("PUT", users + "/nobody", 404, {"role": "group", "disabled": True}, **operator)
        door.ask("PUT", users + "/zhao", 409, {"role": "operator", "disabled": True}, **operator)
        door.ask("PUT", users + "/sun", 401, {"role": "group", "disabled": True})
        door.ask("PUT", pictures, 401, {"shown": "stopped"})
        door.ask("PUT", pictures, 400, {"shown": "delayed"}, **operator)
        door.ask("PUT", pictures, 200, {"shown": "delayed", "delay_hours": 24}, **operator)
        door.ask("GET", tokens, 401)
        door.ask("GET", tokens, 200, **operator)
        door.ask("POST", tokens + "/nothing", 404, **operator)
        door.ask("POST", tokens + "/hoist-1", 403, **group)
        door.ask("POST", tokens + "/hoist-1", 200, **operator)
        door.ask("DELETE", tokens + "/hoist-1", 204, **operator)

    def test_what_the_server_itself_refuses_is_a_problem_too(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            host = b"Host: localhost\r\n"
            large = b"Content-Length: 99999999\r\n"
            for expected, request in (
                    (400, b"\x16\x03\x01 nonsense\r\n\r\n"),
                    (400, b"GET /healthz HTTP/1.1\r\n\r\n"),
                    (400, b"GET http://[ HTTP/1.1\r\n" + host + b"\r\n"),
                    (404, b"GET /nowhere HTTP/1.1\r\n" + host + b"\r\n"),
                    (404, b"BREW /pot HTTP/1.1\r\n" + host + b"\r\n"),
                    (405, b"BREW /api/v1/readings HTTP/1.1\r\n" + host + b"\r\n"),
                    (405, b"GET /api/v1/claims HTTP/1.1\r\n" + host + b"\r\n"),
                    (413, b"POST /api/v1/readings HTTP/1.1\r\n" + host + large + b"\r\n"),
                    (413, b"GET /healthz HTTP/1.1\r\n" + host + large + b"\r\n"),
                    (401, b"PUT /api/v1/documents/x HTTP/1.1\r\n" + host + large + b"\r\n"),
                    (421, b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
                    (431, b"GET /healthz HTTP/1.1\r\n" + host + b"X: " + b"x" * 20_000 + b"\r\n\r\n")):
                with self.subTest(request[:60]):
                    status, kind, body = raw(gateway.ports["web"], request)
                    self.assertEqual((status, kind), (expected, "application/problem+json"))
                    problem = json.loads(body)
                    self.assertEqual(problem["status"], expected)
                    self.assertTrue(problem["title"] and problem["detail"] and problem["type"])

    def test_same_key_is_done_once_over_kill_9(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            door = Door(self, gateway, Contract())
            claim = {"building": "b1", "milestone": "storey_cast", "storey": 3, "at": "2026-03-01T04:00:00Z"}
            asked = [("/api/v1/readings", {"people": 7}, "count-1"), ("/api/v1/claims", claim, "claim-1")]
            before = [door.device("POST", path, 200, body, Idempotency_Key=key) for path, body, key in asked]
            gateway.kill()
            gateway.start()
            after = [door.device("POST", path, 200, body, Idempotency_Key=key) for path, body, key in asked]
            self.assertEqual(before, after)
            door.device("POST", "/api/v1/readings", 409, {"people": 8}, Idempotency_Key="count-1")
            door.device("POST", "/api/v1/claims", 409, {**claim, "storey": 4}, Idempotency_Key="claim-1")
            door.device("POST", "/api/v1/readings", 200, {"people": 7}, device="hoist-1", Idempotency_Key="count-1")
            gateway.terminate()
            with gateway.database() as database:
                stored = database.execute("select device, count(*) from reading r join series s"
                                          " on s.id = r.series group by 1 order by 1").fetchall()
            self.assertEqual(stored, [("hoist-1", 1), ("site-office", 1)])

    def test_hoist_is_a_witness_that_outlives_kill_9_and_sets_nothing(self) -> None:
        made = settings()
        made.tables["web"]["open_to_viewers"] = True
        made.parts.append(section("[[device]]", {"id": "hoist-9", "driver": "http", "building": "b1",
                                                 "token_file": "secrets/hoist-9.token"})
                          + section("[[device.witness]]", {"quantity": "hoist_floor", "shows": "floor"}))
        made.token_devices.append("hoist-9")
        with Gateway(made) as gateway:
            gateway.start()
            door = Door(self, gateway, Contract())
            for minute in range(3):
                door.device("POST", "/api/v1/readings", 200, {"hoist_floor": 9, "time": NOON + 60 * minute},
                            device="hoist-9")
            for storey in (8, 12):
                door.device("POST", "/api/v1/claims", 200, {"building": "b1", "milestone": "storey_cast",
                                                            "storey": storey, "at": "2026-03-01T04:00:00Z"})
            gateway.kill()
            gateway.start()
            site, _ = door.ask("GET", "/api/v1/site", 200)
            building = json.loads(site)["buildings"][0]
            observed = [(each["device"], each["owner"], each["level"], each["storeys_low"])
                        for each in building["observations"]]
            self.assertEqual(observed, [("hoist-9", "contractor", 9, 8)])
            words = {each["storey"]: (each["status"], [word["says"] for word in each["observations"]])
                     for each in building["milestones"]}
            self.assertEqual(words, {8: ("candidate", ["supports"]), 12: ("candidate", [])})

    def test_what_a_crane_contradicts_says_so_in_the_ledger(self) -> None:
        made = settings()
        made.tables["web"]["open_to_viewers"] = True
        made.parts.append(section("[[device]]", {"id": "crane-9", "driver": "http", "building": "b1",
                                                 "token_file": "secrets/crane-9.token"})
                          + section("[[device.witness]]", {"quantity": "crane_height", "shows": "hook"}))
        made.token_devices.append("crane-9")
        with Gateway(made) as gateway:
            gateway.start()
            door = Door(self, gateway, Contract())
            for day in range(9):
                door.device("POST", "/api/v1/readings", 200, {"crane_height": 20.5, "time": NOON + 86400 * day},
                            device="crane-9")
            wait_for("the mirror of the crane's height",
                     lambda: gateway.site()["buildings"][0]["observations"])
            for milestone, storey in (("topping_out", 0), ("storey_cast", 3)):
                door.device("POST", "/api/v1/claims", 200, {"building": "b1", "milestone": milestone,
                                                            "storey": storey, "at": "2026-03-01T04:00:00Z"})
            said = {leaf["data"]["milestone"]: leaf["data"].get("contradicted_by", [])
                    for leaf in map(json.loads, gateway.leaves()) if leaf["type"] == "milestone"}
            self.assertEqual(said, {"topping_out": ["crane-9"], "storey_cast": []})

    def test_claims_that_cannot_be_are_refused_with_one_line(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            door = Door(self, gateway, Contract())
            claims, documents = "/api/v1/claims", "/api/v1/documents/"
            claim = {"building": "b1", "milestone": "topping_out", "at": "2026-03-01T04:00:00Z"}
            ahead = {**claim, "at": "2999-01-01T00:00:00Z"}
            site, _ = door.ask("GET", "/api/v1/site", 200, **sign_in(door))
            trusted = json.loads(site)["clock"]["quality"] in ("synced", "holdover")
            token = {"Authorization": f"Bearer {gateway.tokens['site-office']}"}
            forged = {"Authorization": f"Bearer {gateway.tokens['site-office'][:-1]}x"}
            door.ask("POST", claims, 200, claim, **token, Idempotency_Key="claim-1")
            before = len(json.loads(door.ask("GET", "/api/v1/events", 200, **sign_in(door))[0])["events"])
            for name, path, expected, body, headers in (
                    ("of an unknown building", claims, 400, {**claim, "building": "b9"}, token),
                    ("of a day that has not come", claims, 400 if trusted else 200, ahead, token),
                    ("with a forged token", claims, 401, claim, forged),
                    ("with another's key", claims, 409, ahead, {**token, "Idempotency_Key": "claim-1"})):
                with self.subTest(name):
                    answer, _ = door.ask("POST", path, expected, body, **headers)
                    if expected >= 400:
                        self.assertNotIn("\n", json.loads(answer)["detail"])
            with self.subTest("with a document of more than 8 MiB"):
                answer, _ = door.ask("PUT", documents + SHA256, 413, kind="application/pdf",
                                     announced=(8 << 20) + 1, **token)
                self.assertNotIn("\n", json.loads(answer)["detail"])
            with self.subTest("played again"):
                door.ask("POST", claims, 200, claim, **token, Idempotency_Key="claim-1")
                after, _ = door.ask("GET", "/api/v1/events", 200, **sign_in(door))
                self.assertEqual(len(json.loads(after)["events"]), before + (0 if trusted else 1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
