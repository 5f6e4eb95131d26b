"""Laws of findings: what was answered 2xx survives kill -9, once; nothing unmasked, no EXIF and no word
leaves the box or reaches its ledger; the contractor cannot close; the page goes all the way.

    findings.py [--kills 6] [--seed 1] [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from typing import Any

try:
    import jsonschema
except ImportError as missing:
    print(f"skipped: {missing}; install python3-jsonschema")
    sys.exit(77)

from broker import Broker
from gateway import Gateway, Settings, executable, patience, section, wait_for
from people import PAGE, Person, lacks_page, link
from pictures import usable_frames
from platform_view import PlatformView

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "sync/schemas/leaf.schema.json").read_text()))
SECRET = b"N30 15.6 E120 9.1 in the yard of Wang"
WORDS = "洞口没有护栏"
options = argparse.Namespace(kills=6, seed=1, pictures="")


def settings() -> Settings:
    made = Settings().building()
    for user, role in (("wang", "group"), ("chen", "contractor"), ("zhao", "operator")):
        made.parts.append(section("[[user]]", {"id": user, "name": user, "role": role}))
    return made


def photo(number: int) -> bytes:
    """A JPEG as a phone makes it: with a segment that tells where it was taken."""
    plain = usable_frames()[number].read_bytes()
    told = b"Exif\0\0" + SECRET
    return plain[:2] + b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told + plain[2:]


def raising(photos: list[str], **changed: Any) -> dict[str, Any]:
    return {"kind": "safety", "building": "b1", "storey": 7, "place": "楼梯间", "text": WORDS, "photos": photos,
            **changed}


class Findings(unittest.TestCase):
    def test_what_was_answered_survives_kill_9_once(self) -> None:
        chance = random.Random(options.seed)
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings().uplink(broker.port)) as gateway:
            gateway.start()
            group, contractor = Person(gateway, "wang"), Person(gateway, "chen")
            answered: list[dict[str, Any]] = []
            gone = threading.Event()
            worker = threading.Thread(target=self.work, args=(group, contractor, answered, gone), daemon=True)
            worker.start()
            for kill in range(options.kills):
                wait_for("another answer or the end", lambda: len(answered) > kill or not worker.is_alive(), 90)
                threading.Event().wait(chance.uniform(0, 0.4) * patience())
                gateway.kill()
                gateway.start()
            worker.join(180 * patience())
            gone.set()
            self.assertEqual(len(answered), 4 * 3)
            leaves = [json.loads(leaf) for leaf in gateway.leaves()]
            steps = [leaf for leaf in leaves if leaf["type"] == "finding"]
            for leaf in leaves:
                self.assertEqual([error.message for error in SCHEMA.iter_errors(leaf)], [], leaf)
            self.assertEqual([leaf["index"] for leaf in steps], [each["ledger_index"] for each in answered])
            self.assertEqual([leaf["data"]["status"] for leaf in steps], [each["status"] for each in answered])
            wait_for("the platform to hold all", lambda: platform.size() == len(leaves), 60)
            named = {sha for leaf in steps for sha in leaf["data"]["evidence"]}
            wait_for("the photos at the platform", lambda: named <= set(platform.evidence), 60)
            self.expect_nothing_private(gateway, platform, named)
            print(f"{len(steps)} steps, {options.kills} kills, {len(named)} photos")

    def work(self, group: Person, contractor: Person, answered: list[dict[str, Any]],
             gone: threading.Event) -> None:
        for number in range(4):
            kept = group.insist("POST", "/api/v1/photos", photo(number), gone=gone)
            raised = group.insist("POST", "/api/v1/findings", raising([kept["sha256"]]), f"raise-{number}", gone)
            answered.append(raised)
            steps = f"/api/v1/findings/{raised['finding']}/steps"
            later = contractor.insist("POST", "/api/v1/photos", photo(8 + number), gone=gone)
            answered.append(contractor.insist("POST", steps, {"act": "put_right", "photos": [later["sha256"]]},
                                              f"right-{number}", gone))
            answered.append(group.insist("POST", steps, {"act": "close"}, f"close-{number}", gone))

    def expect_nothing_private(self, gateway: Gateway, platform: PlatformView, named: set[str]) -> None:
        for leaf in gateway.leaves():
            self.assertNotIn(WORDS, leaf)
            self.assertNotIn("wang", leaf)
        for sha, jpeg in platform.evidence.items():
            self.assertEqual(hashlib.sha256(jpeg).hexdigest(), sha)
            self.assertNotIn(b"Exif", jpeg)
        self.assertEqual(gateway.terminate(), 0)
        originals = [photo(n) for n in (*range(4), *range(8, 12))]
        for file in gateway.state.rglob("*"):
            if not file.is_file():
                continue
            content = file.read_bytes()
            self.assertNotIn(SECRET, content, file)
            for original in originals:
                self.assertNotIn(original[200:1200], content, f"an unmasked photo in {file}")

    def test_the_way_of_a_finding_and_who_may_go_it(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            group, contractor, operator = (Person(gateway, user) for user in ("wang", "chen", "zhao"))

            def expect(person: Person, expected: int, body: Any, path: str = "/api/v1/findings", key: str = "") -> Any:
                status, answer, _ = person.ask("POST", path, body, key)
                self.assertEqual(status, expected, answer)
                return answer

            kept = expect(group, 201, photo(0), "/api/v1/photos")["sha256"]
            self.assertEqual(expect(contractor, 201, photo(0), "/api/v1/photos")["sha256"], kept)
            expect(operator, 403, photo(0), "/api/v1/photos")
            refused = expect(group, 400, b"<html>no photo</html>", "/api/v1/photos")
            self.assertIn("not_a_picture", refused["detail"])
            expect(group, 400, photo(0)[:-2000], "/api/v1/photos")
            expect(contractor, 403, raising([kept]))
            expect(group, 400, raising([]))
            expect(group, 404, raising([kept], building="b9"))
            expect(group, 400, raising([kept], storey=19))
            expect(group, 409, raising(["0" * 64]))
            raised = expect(group, 201, raising([kept]), key="once")
            self.assertEqual(expect(group, 201, raising([kept]), key="once"), raised)
            expect(group, 409, raising([kept], text="another"), key="once")
            steps = f"/api/v1/findings/{raised['finding']}/steps"
            expect(contractor, 403, {"act": "close"}, steps)
            expect(group, 403, {"act": "answer", "text": "x"}, steps)
            expect(contractor, 400, {"act": "put_right"}, steps)
            expect(contractor, 200, {"act": "answer", "text": "明天"}, steps)
            expect(operator, 400, {"act": "set_due", "due": "2001-01-01"}, steps)
            due = expect(operator, 200, {"act": "set_due", "due": "2099-01-01"}, steps)
            self.assertEqual((due["status"], due["due"]), ("answered", "2099-01-01"))
            expect(contractor, 200, {"act": "put_right", "photos": [kept]}, steps)
            expect(group, 200, {"act": "send_back", "text": "还缺一段"}, steps)
            expect(group, 409, {"act": "send_back", "text": "again"}, steps)
            expect(group, 404, {"act": "close"}, "/api/v1/findings/999/steps")
            expect(group, 200, {"act": "close"}, steps)
            self.expect_words_for_people_only(gateway, group, raised["finding"])

    def expect_words_for_people_only(self, gateway: Gateway, group: Person, number: int) -> None:
        path = f"/api/v1/findings/{number}"
        _, mine, _ = group.ask("GET", path)
        self.assertEqual((mine["steps"][0]["text"], mine["place"]), (WORDS, "楼梯间"))
        self.assertEqual([step["act"] for step in mine["steps"]],
                         ["raise", "answer", "set_due", "put_right", "send_back", "close"])
        viewers = gateway.get(path)
        self.assertEqual({step["text"] for step in viewers["steps"]}, {None})
        self.assertIsNone(viewers["place"])
        self.assertEqual(viewers["may"], [])
        self.assertNotIn(WORDS, json.dumps(gateway.get("/api/v1/findings"), ensure_ascii=False))
        self.assertEqual(gateway.site()["findings"]["open"], 0)

    def test_the_page_goes_from_photo_to_closure(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            lacks = lacks_page(gateway)
            if lacks:
                self.skipTest(lacks)
            at = f"http://127.0.0.1:{gateway.ports['web']}/?"
            files = [gateway.folder / name for name in ("before.jpg", "after.jpg")]
            for number, file in enumerate(files):
                file.write_bytes(photo(20 * number))
            subprocess.run(["node", PAGE / "findings.mjs", f"{at}signin={link(gateway, 'wang')}",
                            f"{at}signin={link(gateway, 'chen')}", f"{at}viewer={link(gateway)}", *files,
                            *([options.pictures] if options.pictures else [])],
                           check=True, timeout=180 * patience(), cwd=PAGE)
            steps = [json.loads(leaf)["data"]["act"] for leaf in gateway.leaves()
                     if json.loads(leaf)["type"] == "finding"]
            self.assertEqual(steps, ["raise", "answer", "put_right", "send_back", "put_right", "close"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", default="")
    parser.add_argument("only", nargs="*")
    parser.parse_args(namespace=options)
    print(f"{executable()}, seed {options.seed}")
    unittest.main(argv=[sys.argv[0], *options.only])
