"""Law: what a document shows counts once the operator has recorded it and the group has confirmed it; then
the policy's clock runs on it, over kill -9 too. What cannot be is refused in one line."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

try:
    import jsonschema
except ImportError as missing:
    print(f"skipped: {missing}; install python3-jsonschema")
    sys.exit(77)

from gateway import Gateway, Settings, executable, patience, section, wait_for
from people import PAGE, lacks_page, link, run_with_pictures

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "sync/schemas/leaf.schema.json").read_text()))
LAPSE = ROOT / "tests/data/timelapse/site-a"
PDF = b"%PDF-1.7 the first agreement"
options = argparse.Namespace(pictures="")
SHA256 = hashlib.sha256(PDF).hexdigest()


def settings(pictures: Path) -> Settings:
    """The clock follows a picture of 2024, so that it is trusted and no day is today's."""
    made = Settings().building()
    made.folder_camera(pictures, (960, 540), [[378.5, 485.8], [581.3, 485.6], [577.3, 100.4], [383.6, 99.8]])
    if "JIEDING_VISION" in os.environ:
        made.tables["vision"] = {"executable": os.environ["JIEDING_VISION"]}
    made.tables["policy"] = {"file": str(ROOT / "config/policy/hangzhou.toml")}
    made.pushing_device("hoist-1")
    made.tables["project"] = {"id": "estate"}
    made.parts.append(section("[[phase]]", {"id": "p1", "buildings": ["b1"]}))
    made.parts.append(section("[[facility]]", {"id": "gas", "kind": "gas"}))
    for user, role in (("wang", "group"), ("zhao", "operator")):
        made.parts.append(section("[[user]]", {"id": user, "role": role}))
    return made


class Person:
    """Somebody who signed in."""

    def __init__(self, gateway: Gateway, user: str) -> None:
        self.gateway = gateway
        link = subprocess.run([executable(), "link", "sign-in", "--config", gateway.config, "--user", user],
                              check=True, capture_output=True, text=True).stdout
        token = re.search(r"signin=(\S+)", link)
        assert token, link
        self.headers = {"Content-Type": "application/json"}
        _, answer, headers = self.ask("POST", "/api/v1/session", json.dumps({"token": token.group(1)}).encode())
        self.headers |= {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": answer["csrf"]}

    def ask(self, method: str, path: str, body: bytes) -> tuple[int, Any, Any]:
        connection = self.gateway.connection()
        try:
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null"), answer.headers
        finally:
            connection.close()

    def say(self, act: str, milestone: str, subject: str = "estate", **more: str) -> tuple[int, Any]:
        said = {"building": subject, "milestone": milestone, "act": act, **more}
        status, answer, _ = self.ask("POST", "/api/v1/milestones", json.dumps(said).encode())
        return status, answer

    def record(self, milestone: str, day: str, subject: str = "estate") -> tuple[int, Any]:
        return self.say("record", milestone, subject, day=day, document_sha256=SHA256)


def clock(gateway: Gateway, rule: str) -> Any:
    return next(one for one in gateway.site()["policy"]["deadlines"] if one["rule"] == rule)


class PolicyHolds(unittest.TestCase):
    def setUp(self) -> None:
        picture = sorted((LAPSE / "frames").glob("20240[56]*.jpg"))[0]
        pictures = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (pictures / picture.name).write_bytes(picture.read_bytes())
        self.gateway = self.enterContext(Gateway(settings(pictures)))
        self.start()

    def start(self) -> None:
        self.gateway.start()
        wait_for("the first picture", lambda: self.gateway.site()["clock"]["quality"] == "playback", 60)

    def test_a_document_counts_once_two_people_stand_behind_it(self) -> None:
        operator, group = Person(self.gateway, "zhao"), Person(self.gateway, "wang")
        self.assertEqual(clock(self.gateway, "R5")["status"], "unknown")
        self.assertEqual(operator.record("agreement_signed", "2024-02-29")[0], 409)  # no document yet
        operator.headers["Content-Type"] = "application/pdf"
        self.assertEqual(operator.ask("POST", "/api/v1/documents", PDF)[:2], (200, {"sha256": SHA256}))
        operator.headers["Content-Type"] = "application/json"
        self.assertEqual(operator.record("agreement_signed", "2024-02-29")[1]["status"], "recorded")
        waiting = clock(self.gateway, "R5")
        self.assertEqual((waiting["status"], waiting["provisional"], waiting["due"]),
                         ("unknown", True, "2025-02-28"))
        self.assertEqual(operator.say("confirm", "agreement_signed")[0], 403)
        self.assertEqual(group.say("confirm", "agreement_signed")[1]["status"], "confirmed")
        self.gateway.kill()
        self.start()
        running = clock(self.gateway, "R5")
        self.assertEqual((running["status"], running["due"]), ("ok", "2025-02-28"))
        chain = self.gateway.site()["policy"]["chains"][0]
        self.assertEqual((chain["limit"], chain["slack_days"]), ("2029-02-28", 0))

    def test_a_confirmed_topping_out_sets_the_return_going_once(self) -> None:
        group = Person(self.gateway, "wang")
        self.assertIsNone(clock(self.gateway, "R13")["action_event"])
        status, answer = self.gateway.claim("hoist-1", "b1", "topping_out", at="2024-05-01T04:00:00Z")
        self.assertIn(status, (200, 201, 202), answer)
        status, confirmed = group.say("confirm", "topping_out", "b1")
        self.assertEqual((status, confirmed["status"]), (200, "confirmed"))
        event = clock(self.gateway, "R13")["action_event"]
        self.assertTrue(event["stands"])
        self.assertEqual(event["started"], confirmed["ledger_index"] + 1)
        self.gateway.kill()
        self.start()
        self.assertEqual(clock(self.gateway, "R13")["action_event"], event)
        self.assertEqual([one["data"]["act"] for one in self.actions()], ["start"])
        Person(self.gateway, "wang").say("dispute", "topping_out", "b1")
        taken = clock(self.gateway, "R13")["action_event"]
        self.assertEqual((taken["stands"], taken["started"]), (False, event["started"]))
        self.assertEqual([one["data"]["act"] for one in self.actions()], ["start", "withdraw"])

    def test_the_bulletin_says_what_the_page_says(self) -> None:
        if lacks := lacks_page(self.gateway):
            self.skipTest(lacks)
        self.gateway.claim("hoist-1", "b1", "topping_out", at="2024-05-01T04:00:00Z")
        Person(self.gateway, "wang").say("confirm", "topping_out", "b1")
        entry = clock(self.gateway, "R13")["action_event"]["started"]
        address = f"http://127.0.0.1:{self.gateway.ports['web']}/?viewer={link(self.gateway)}"
        subprocess.run(["node", PAGE / "bulletin.mjs", address, str(entry), *([options.pictures] if options.pictures else [])],
                       check=True, timeout=60 * patience(), cwd=PAGE)

    def actions(self) -> list[Any]:
        """Those of the ledger; each of its leaves follows the contract."""
        leaves = [json.loads(leaf) for leaf in self.gateway.leaves()]
        for leaf in leaves:
            SCHEMA.validate(leaf)
        return [leaf for leaf in leaves if leaf["type"] == "action"]

    def test_what_cannot_be_is_refused_in_one_line(self) -> None:
        operator = Person(self.gateway, "zhao")
        operator.headers["Content-Type"] = "application/pdf"
        operator.ask("POST", "/api/v1/documents", PDF)
        operator.headers["Content-Type"] = "application/json"
        size = self.gateway.site()["ledger"]["size"]
        for status, milestone, day, subject, word in (
                (409, "completion_filing", "2024-05-01", "p1", "topping_out of b1"),
                (400, "agreement_signed", "2034-05-01", "estate", "lies in the future"),
                (400, "topping_out", "2024-05-01", "b1", "is seen, not recorded"),
                (400, "topping_out", "2024-05-01", "p1", "said of a building"),
                (400, "facility_ready", "2024-05-01", "p1", "said of a [[facility]]"),
                (404, "handover", "2024-05-01", "p9", "no building, phase or facility")):
            with self.subTest(milestone=milestone, subject=subject):
                got, answer = operator.record(milestone, day, subject)
                self.assertEqual(got, status, answer)
                self.assertIn(word, answer["detail"])
                self.assertNotIn("\n", answer["detail"])
        self.assertEqual(self.gateway.site()["ledger"]["size"], size)
        self.assertEqual(operator.record("facility_ready", "2024-05-01", "gas")[1]["status"], "recorded")

    def test_households_are_counted_corrected_and_never_overwritten(self) -> None:
        operator, group = Person(self.gateway, "zhao"), Person(self.gateway, "wang")
        count = {"subject": "estate", "counted": "2024-04-01", "awaiting_return": 320, "housed": 80,
                 "awaiting_registration": 80}

        def say(person: Person, **more: object) -> tuple[int, Any]:
            return person.ask("POST", "/api/v1/households", json.dumps({**count, **more}).encode())[:2]

        self.assertEqual(say(group)[0], 403)
        for status, wrong in ((400, {"awaiting_return": -1}), (400, {"housed": 2.5}),
                              (400, {"names": ["Wang"]}), (400, {"counted": "2034-04-01"}),
                              (404, {"subject": "b9"}), (409, {"document_sha256": SHA256}),
                              (409, {"corrects": 0})):
            with self.subTest(wrong=wrong):
                got, answer = say(operator, **wrong)
                self.assertEqual(got, status, answer)
                self.assertNotIn("\n", answer["detail"])
        self.assertEqual(self.gateway.site()["households"], [])
        self.assertEqual(clock(self.gateway, "R18")["status"], "unknown")
        status, first = say(operator)
        self.assertEqual(status, 201, first)
        self.assertEqual(say(operator, awaiting_return=1)[0], 409)  # one count of a day
        status, second = say(operator, awaiting_return=300, corrects=first["ledger_index"])
        self.assertEqual(status, 201, second)
        self.gateway.kill()
        self.start()
        stands = self.gateway.site()["households"]
        self.assertEqual([(one["awaiting_return"], one["ledger_indices"]) for one in stands],
                         [(300, [second["ledger_index"]])])
        self.assertEqual(clock(self.gateway, "R18")["status"], "remaining")
        _, every, _ = Person(self.gateway, "zhao").ask("GET", "/api/v1/households", b"")
        self.assertEqual([(one["awaiting_return"], one["corrected_by"]) for one in every["counts"]],
                         [(300, None), (320, second["ledger_index"])])


if __name__ == "__main__":
    run_with_pictures(__doc__, options)
