"""Laws of the signed-in half of the page, over a real gateway: the operator's corners hold across restarts
and vision takes them over; a link opens once; who only looks can write nowhere.

    seats.py [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings, executable, patience, section, wait_for
from people import PAGE, Person, address, lacks_page, link, run_with_pictures, users
from pictures import SIZE, camera, corners, has_played, instant, shown, usable_frames
from push_camera import put

ROOT = Path(__file__).resolve().parents[2]
options = argparse.Namespace(pictures="")


def settings() -> Settings:
    made = Settings().building().push_camera("gate", SIZE, corners())
    made.parts += users()
    return made


def see(gateway: Gateway, number: int) -> None:
    frame = usable_frames()[number]
    status, _, answer = put(gateway, frame.read_bytes(), instant(frame.name))
    assert status == 200, answer


def facade(moved: float = 0, **changed: Any) -> dict[str, Any]:
    return {"building": "b1", "scaffold": "climbing", "storeys_at_start": 0,
            "corners": [[x + moved, y] for x, y in corners()], **changed}


def setup(*facades: dict[str, Any], masks: Any = ()) -> dict[str, Any]:
    return {"facades": list(facades), "masks": list(masks)}


def writing_endpoints() -> list[tuple[str, str]]:
    """Every operation of the API's description that writes and is for people."""
    found, path = [], ""
    for line in (ROOT / "gateway/web/openapi.yaml").read_text().splitlines():
        if opened := re.match(r"  (/api/\S+):$", line):
            path = opened.group(1)
        elif (method := re.match(r"    (post|put|patch|delete):$", line)) and path:
            found.append((method.group(1).upper(), path))
    of_devices = {"/api/v1/readings", "/api/v1/claims", "/api/v1/cameras/{id}/frames", "/api/v1/documents/{sha256}"}
    return [(method, path) for method, path in found if path not in of_devices and path != "/api/v1/session"]


class Cameras(unittest.TestCase):
    def test_corners_set_on_the_page_hold_and_vision_takes_them_over(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            see(gateway, 0)
            operator = Person(gateway, "zhao")

            def change(status: int, method: str, path: str, body: Any = None) -> Any:
                got, answer, _ = operator.ask(method, path, body)
                self.assertEqual(got, status, answer)
                return answer

            own = "/api/v1/cameras/gate/setup"
            crossing = facade(corners=[corners()[n] for n in (0, 1, 3, 2)])
            self.assertIn("go round", change(400, "PUT", own, setup(crossing))["detail"])
            self.assertIn("outside", change(400, "PUT", own, setup(facade(5000)))["detail"])
            change(404, "PUT", "/api/v1/cameras/none/setup", setup(facade()))
            change(400, "PUT", own, setup(facade(), masks=[[[0, 0], [5, 5]]]))
            mask = [[0, 0], [960, 0], [960, 540], [0, 540]]
            open_size = self.picture_size(gateway, operator)
            index = change(200, "PUT", own, setup(facade(4), masks=[mask]))["ledger_index"]
            leaf = json.loads(gateway.leaves()[index])
            self.assertEqual(leaf["type"], "camera")
            self.assertEqual(leaf["data"]["masks"], [mask])
            self.assertNotIn("zhao", gateway.leaves()[index])

            see(gateway, 1)
            self.assertLess(self.picture_size(gateway, operator), open_size / 2, "all of it is black now")
            gateway.kill()
            gateway.start()
            operator = Person(gateway, "zhao")
            now = change(200, "GET", "/api/v1/cameras")["cameras"][0]
            self.assertEqual((now["ledger_index"], now["masks"]), (index, [mask]))
            told = subprocess.run([executable(), "check", "--config", gateway.config], capture_output=True, text=True)
            self.assertIn(f"event {index}), not the file's", told.stdout)
            told = subprocess.run([executable(), "replay", "--config", gateway.config, "--camera", "gate", "--frames",
                                   gateway.folder, "--out", gateway.folder / "none.jsonl"], capture_output=True, text=True)
            self.assertIn("corners and masks are those of the page", told.stderr)
            self.assertIn(f"event {index})", told.stderr)

            change(200, "DELETE", own)
            now = change(200, "GET", "/api/v1/cameras")["cameras"][0]
            self.assertEqual((now["ledger_index"], now["masks"]), (None, []))
            self.assertEqual(now["facades"][0]["corners"], [[round(v, 1) for v in at] for at in corners()])

    def picture_size(self, gateway: Gateway, operator: Person) -> int:
        """Bytes of the camera's latest stored picture."""
        _, told, _ = operator.ask("GET", "/api/v1/cameras")
        return len(gateway.request("GET", f"/api/v1/evidence/{told['cameras'][0]['picture']}")[1])

    def test_the_ruler_is_as_sure_as_calibrate_says(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            operator = Person(gateway, "zhao")
            marked = {"building": "b1", "corners": corners(), "storeys": 18}
            status, answer, _ = operator.ask("POST", "/api/v1/cameras/gate/ruler", marked)
            self.assertEqual(status, 409, answer)
            see(gateway, len(usable_frames()) // 2)
            status, whole, _ = operator.ask("POST", "/api/v1/cameras/gate/ruler", marked)
            self.assertEqual(status, 200, whole)
            low = [corners()[0], corners()[1], *(
                [g[0] + (r[0] - g[0]) * 0.25, g[1] + (r[1] - g[1]) * 0.25]
                for g, r in ((corners()[1], corners()[2]), (corners()[0], corners()[3])))]
            status, part, _ = operator.ask("POST", "/api/v1/cameras/gate/ruler",
                                           {"building": "b1", "corners": low, "storeys": 4})
            self.assertEqual(status, 200, part)
            self.assertLess(whole["roof_error"], 0.5)
            self.assertGreater(part["roof_error"], whole["roof_error"])
            for wrong in ({**marked, "storeys": 0}, {**marked, "storeys": 19}, {**marked, "building": "b9"},
                          {**marked, "corners": corners()[:3]}):
                self.assertEqual(operator.ask("POST", "/api/v1/cameras/gate/ruler", wrong)[0], 400, wrong)

    def test_the_operator_drags_corners_in_a_browser(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            see(gateway, len(usable_frames()) // 2)
            original = gateway.folder / "original.jpg"
            original.write_bytes(usable_frames()[0].read_bytes())
            subprocess.run(["node", PAGE / "operator.mjs", address(gateway, "zhao"), original,
                            *([options.pictures] if options.pictures else [])],
                           check=True, timeout=180 * patience(), cwd=PAGE)
            changes = [json.loads(leaf)["data"]["act"] for leaf in gateway.leaves()
                       if json.loads(leaf)["type"] == "camera"]
            self.assertEqual(changes, ["set_up", "take_back"])


class Supervisors(unittest.TestCase):
    def test_the_whole_way_of_a_supervisor(self) -> None:
        pictures = Path(tempfile.mkdtemp(prefix="jieding-pictures-"))
        self.addCleanup(shutil.rmtree, pictures)
        frame = usable_frames()[-1]
        shutil.copy(frame, pictures)  # it drives the clock, which people can trust then
        wanted = camera(Settings(), pictures).pushing_device("site-office")
        wanted.parts += users()
        wanted.parts.append(section("[[device]]", {"id": "hoist-1", "name": "<img src=x onerror=alert(3)>",
                                                   "driver": "simulated", "kind": "hoist", "building": "b1"}))
        with Gateway(wanted) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            wait_for("the picture", lambda: has_played(gateway, frame.name), 60)
            for milestone in ("zero_level", "topping_out"):
                self.assertEqual(gateway.claim("site-office", "b1", milestone)[0], 200)
            subprocess.run(["node", PAGE / "supervisor.mjs", address(gateway, "wang"), address(gateway, "wang"), fingerprint(gateway),
                            *([options.pictures] if options.pictures else [])],
                           check=True, timeout=180 * patience(), cwd=PAGE)
            said = [json.loads(leaf)["data"] for leaf in gateway.leaves() if json.loads(leaf)["type"] == "milestone"]
            acts = [(one["milestone"], one["act"], one["status"]) for one in said if one["owner"] == "group"]
            self.assertEqual(acts, [("zero_level", "confirm", "confirmed"), ("topping_out", "dispute", "disputed")])
            self.assertNotIn("<script>", "".join(gateway.leaves()), "words stay on the box")
            self.expect_the_door_to_be_private(gateway)
            self.expect_it_verifies(gateway)

    def expect_the_door_to_be_private(self, gateway: Gateway) -> None:
        _, told, _ = Person(gateway, "zhao").ask("GET", "/api/v1/users")
        what = [event["what"] for event in told["door"]]
        self.assertIn("sign_in_failed", what)
        self.assertIn("password_set", what)
        self.assertEqual([leaf for leaf in gateway.leaves() if "sign_in" in leaf or "password" in leaf], [])

    def expect_it_verifies(self, gateway: Gateway) -> None:
        folder = gateway.folder / "export"
        for command in (["export", folder, "--config", gateway.config],
                        ["verify", folder, "--key", fingerprint(gateway)]):
            done = subprocess.run([executable(), "ledger", *command], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Operators(unittest.TestCase):
    def test_a_token_of_the_page_holds_at_once_and_over_a_restart(self) -> None:
        with Gateway(settings().pushing_device("hoist-1").pushing_device("hoist-2")) as gateway:
            gateway.start()
            operator = Person(gateway, "zhao")
            self.assertEqual(self.push(gateway), [200, 200])
            status, answer, _ = operator.ask("POST", "/api/v1/tokens/hoist-1")
            self.assertEqual(status, 200, answer)
            self.assertEqual(self.push(gateway), [401, 200], "the old one opens nothing")
            gateway.tokens["hoist-1"] = answer["token"]
            self.assertEqual(self.push(gateway), [200, 200])
            gateway.kill()
            gateway.start()
            self.assertEqual(self.push(gateway), [200, 200])
            operator = Person(gateway, "zhao")
            self.assertEqual(operator.ask("DELETE", "/api/v1/tokens/hoist-1")[0], 204)
            self.assertEqual(self.push(gateway), [401, 200])
            _, told, _ = operator.ask("GET", "/api/v1/tokens")
            self.assertEqual({one["id"]: one["state"] for one in told["tokens"]},
                             {"hoist-1": "revoked", "hoist-2": "in_force", "gate": "in_force"})
            self.assertNotIn(answer["token"], json.dumps(told) + gateway.log.read_text())
            gateway.kill()
            gateway.start()
            self.assertEqual(self.push(gateway), [401, 200])
            checked = subprocess.run([executable(), "check", "--config", gateway.config], capture_output=True, text=True)
            self.assertIn("device hoist-1: its token was revoked", checked.stdout)
            status, answer, _ = Person(gateway, "zhao").ask("POST", "/api/v1/tokens/hoist-1")
            gateway.tokens["hoist-1"] = answer["token"]
            self.assertEqual(self.push(gateway), [200, 200])

    def push(self, gateway: Gateway) -> list[int]:
        pack = [{"n": "hoist_height", "u": "m", "v": 4, "t": 1773547200}]
        return [gateway.push(device, pack)[0] for device in ("hoist-1", "hoist-2")]

    def test_who_is_let_in_and_shut_out_is_in_the_record_without_a_name(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            operator = Person(gateway, "zhao")
            before = len(gateway.leaves())
            self.add(operator, 204)
            self.add(operator, 409)
            sun = Person(gateway, "sun")
            change = {"name": "another name", "role": "contractor"}
            self.assertEqual(operator.ask("PUT", "/api/v1/users/sun", {**change, "disabled": False})[0], 204)
            told = [json.loads(leaf) for leaf in gateway.leaves()[before:]]
            self.assertEqual([leaf["type"] for leaf in told], ["user"], "another name is no event")
            gateway.kill()
            gateway.start()
            self.assertEqual(sun.ask("GET", "/api/v1/session")[0], 200)
            operator = Person(gateway, "zhao")
            self.assertEqual(operator.ask("PUT", "/api/v1/users/sun", {**change, "disabled": True})[0], 204)
            self.assertEqual(sun.ask("GET", "/api/v1/session")[0], 401)
            self.assertEqual(operator.ask("POST", "/api/v1/users/sun/links")[0], 404)
            for disabled in (False, True):
                self.assertEqual(operator.ask("PUT", "/api/v1/users/sun", {**change, "disabled": disabled})[0], 204)
                self.assertEqual(sun.ask("GET", "/api/v1/session")[0], 401, "let in again is not still in")
            refused = subprocess.run([executable(), "link", "sign-in", "--config", gateway.config, "--user", "sun"],
                                     capture_output=True, text=True)
            self.assertEqual(refused.returncode, 1, refused.stdout)
            checked = subprocess.run([executable(), "check", "--config", gateway.config], capture_output=True, text=True)
            self.assertIn("user sun: may not sign in as set on the page", checked.stdout)
            gateway.kill()
            gateway.start()
            self.assertEqual(sun.ask("GET", "/api/v1/session")[0], 401)
            leaves = gateway.leaves()
            acts = [json.loads(leaf)["data"]["act"] for leaf in leaves if json.loads(leaf)["type"] == "user"]
            self.assertEqual(acts, ["admit", "disable", "admit", "disable"])
            self.assertNotIn("sun", "".join(leaves))
            self.assertNotIn("another name", "".join(leaves))

    def add(self, operator: Person, wanted: int) -> None:
        status, answer, _ = operator.ask("POST", "/api/v1/users", {"id": "sun", "name": "Sun", "role": "contractor"})
        self.assertEqual(status, wanted, answer)

    def test_pictures_are_public_later_or_not_at_all_and_the_record_says_so(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            see(gateway, 0)
            operator, group, viewer = Person(gateway, "zhao"), Person(gateway, "wang"), Person(gateway, "")
            _, told, _ = operator.ask("GET", "/api/v1/cameras")
            picture = f"/api/v1/evidence/{told['cameras'][0]['picture']}"

            def switch(**rule: Any) -> list[int]:
                status, answer, _ = operator.ask("PUT", "/api/v1/public-pictures", rule)
                self.assertEqual(status, 200, answer)
                return self.seen(gateway, picture, viewer, group)

            self.assertEqual(self.seen(gateway, picture, viewer, group), [200, 200, 200])
            self.assertEqual(switch(shown="stopped"), [403, 403, 200])
            self.assertEqual(gateway.site()["pictures"], {"shown": "stopped", "delay_hours": 0})
            gateway.kill()
            gateway.start()
            self.assertEqual(self.seen(gateway, picture, viewer), [403, 403])
            operator, group = Person(gateway, "zhao"), Person(gateway, "wang")
            self.assertIsNone(gateway.site()["buildings"][0]["public_picture"])
            self.assertEqual(switch(shown="delayed", delay_hours=24), [200, 200, 200], "it is years old")
            older = shown(gateway)
            now = put(gateway, usable_frames()[1].read_bytes(), "")
            self.assertEqual(now[0], 200, now)
            _, told, _ = operator.ask("GET", "/api/v1/cameras")
            picture = f"/api/v1/evidence/{told['cameras'][0]['picture']}"
            self.assertEqual(self.seen(gateway, picture, viewer, group), [403, 403, 200], "it is of today")
            public = gateway.site()["buildings"][0]["public_picture"]
            self.assertNotEqual(shown(gateway)["picture"], older["picture"])
            self.assertEqual(public, {name: older[name] for name in ("picture", "overlay", "picture_at")}, "the newest that may be seen")
            self.assertIn(older["overlay"] or older["picture"], gateway.request("GET", "/")[1].decode(), "in the first HTML, too")
            self.assertNotIn(shown(gateway)["overlay"] or shown(gateway)["picture"], gateway.request("GET", "/")[1].decode())
            self.assertEqual(switch(shown="live"), [200, 200, 200])
            for wrong in ({"shown": "delayed"}, {"shown": "delayed", "delay_hours": 721}, {"shown": "never"}, {}):
                self.assertEqual(operator.ask("PUT", "/api/v1/public-pictures", wrong)[0], 400, wrong)
            self.assertEqual(group.ask("PUT", "/api/v1/public-pictures", {"shown": "stopped"})[0], 403)
            leaves = [json.loads(leaf) for leaf in gateway.leaves()]
            self.assertEqual([leaf["data"]["shown"] for leaf in leaves if leaf["type"] == "pictures"],
                             ["stopped", "delayed", "live"])

    def seen(self, gateway: Gateway, picture: str, *people: Person) -> list[int]:
        """What somebody without anything, and each of these, is answered."""
        return [gateway.request("GET", picture)[0], *(self.status(person, picture) for person in people)]

    def status(self, person: Person, path: str) -> int:
        connection = person.gateway.connection()
        try:
            connection.request("GET", path, headers=person.headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def test_one_operator_always_stays(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            zhao = Person(gateway, "zhao")
            for change in ({"role": "operator", "disabled": True}, {"role": "group", "disabled": False}):
                self.assertEqual(zhao.ask("PUT", "/api/v1/users/zhao", change)[0], 409)
            self.assertEqual(zhao.ask("PUT", "/api/v1/users/chen", {"role": "operator", "disabled": False})[0], 204)
            self.assertEqual(zhao.ask("PUT", "/api/v1/users/zhao", {"role": "operator", "disabled": True})[0], 204)
            self.assertEqual(zhao.ask("GET", "/api/v1/users")[0], 401)
            chen = Person(gateway, "chen")
            self.assertEqual(chen.ask("PUT", "/api/v1/users/chen", {"role": "operator", "disabled": True})[0], 409)

    def test_people_and_tokens_in_a_browser(self) -> None:
        with Gateway(settings().pushing_device("hoist-1").pushing_device("hoist-2")) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            told = subprocess.run(["node", PAGE / "people.mjs", address(gateway, "zhao"), "hoist-1",
                                   *([options.pictures] if options.pictures else [])],
                                  check=True, timeout=180 * patience(), cwd=PAGE, stdout=subprocess.PIPE, text=True)
            self.assertEqual(self.push(gateway), [401, 200])
            gateway.tokens["hoist-1"] = told.stdout.split()[-1]
            self.assertEqual(self.push(gateway), [200, 200])


class Forms(unittest.TestCase):
    def test_dates_come_in_and_what_cannot_be_stays_out(self) -> None:
        pictures = Path(tempfile.mkdtemp(prefix="jieding-pictures-"))
        self.addCleanup(shutil.rmtree, pictures)
        frame = usable_frames()[-1]
        shutil.copy(frame, pictures)  # it drives the clock: records need one that is trusted
        wanted = camera(Settings(), pictures).pushing_device("hoist-1").pushing_device("weather", owner="operator")
        wanted.parts += users()
        wanted.tables["policy"] = {"file": str(ROOT / "config/policy/hangzhou.toml")}
        wanted.tables["project"] = {"id": "estate"}
        wanted.parts += [section("[[phase]]", {"id": "p1", "buildings": ["b1"]}),
                         section("[[facility]]", {"id": "gas", "kind": "gas"})]
        with Gateway(wanted) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            wait_for("the picture", lambda: has_played(gateway, frame.name), 60)
            document = gateway.folder / "filing.pdf"
            document.write_bytes(b"%PDF-1.4 minutes of the day")
            subprocess.run(["node", PAGE / "forms.mjs", *(address(gateway, user) for user in ("zhao", "chen", "wang", "")),
                            document, options.pictures or gateway.folder], check=True, timeout=180 * patience(), cwd=PAGE)
            said = [json.loads(leaf)["data"] for leaf in gateway.leaves() if json.loads(leaf)["type"] == "milestone"]
            self.assertEqual([(one["act"], one["milestone"], one["storey"], one["owner"], one["status"]) for one in said],
                             [("record", "agreement_signed", 0, "operator", "recorded"),
                              ("claim", "storey_cast", 3, "contractor", "candidate")])
            self.assertEqual(len({one["document_sha256"] for one in said}), 1)
            self.assertNotIn("<script>", "".join(gateway.leaves()))


def fingerprint(gateway: Gateway) -> str:
    told = subprocess.run([executable(), "ledger", "key", "--config", gateway.config],
                          check=True, capture_output=True, text=True).stdout
    found = re.search(r"fingerprint  ([0-9a-f ]+)", told)
    assert found, told
    return found[1]


class Visitors(unittest.TestCase):
    def test_the_page_opens_when_the_box_is_gone(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            with subprocess.Popen(["node", PAGE / "away.mjs", address(gateway)], cwd=PAGE, text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE) as visitor:
                self.assertEqual(visitor.stdout.readline(), "kept\n")
                gateway.kill()
                visitor.communicate("gone\n", timeout=120 * patience())
            self.assertEqual(visitor.returncode, 0)

    def test_a_script_in_an_address_never_runs(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            subprocess.run(["node", PAGE / "reflected.mjs", address(gateway, "wang")],
                           check=True, timeout=180 * patience(), cwd=PAGE)


class Doors(unittest.TestCase):
    def test_who_only_looks_writes_nowhere(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            viewer = Person(gateway, "")
            before = len(gateway.leaves())
            endpoints = writing_endpoints()
            self.assertGreaterEqual(len(endpoints), 8)
            for method, path in endpoints:
                filled = re.sub(r"\{\w+\}", "1", path)
                for body in ({}, {"act": "confirm"}, b"\xff\xd8 no picture"):
                    status, answer, _ = viewer.ask(method, filled, body)
                    self.assertEqual(status, 403, f"{method} {filled}: {answer}")
                    status, _ = gateway.request(method, filled, {} if isinstance(body, bytes) else body)
                    self.assertEqual(status, 401, f"{method} {filled} without anything")
            self.assertEqual(len(gateway.leaves()), before)

    def test_a_link_opens_once_and_guesses_are_locked_out(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            token = link(gateway, "wang")

            def enter(what: str) -> int:
                return gateway.request("POST", "/api/v1/session", {"token": what})[0]

            self.assertEqual(enter(token), 200)
            self.assertEqual(enter(token), 401, "used")
            statuses = [enter(secrets.token_urlsafe(32)) for _ in range(8)]
            self.assertEqual(statuses[0], 401)
            self.assertEqual(statuses[-1], 429, statuses)
            self.assertEqual(enter(link(gateway, "wang")), 429, "a good link waits, too")

    def test_the_contractor_sees_refusals_of_own_devices_only(self) -> None:
        with Gateway(settings().pushing_device("hoist-1").pushing_device("weather", owner="operator")) as gateway:
            gateway.start()
            for device in ("hoist-1", "weather"):
                status, _ = gateway.request("POST", "/api/v1/readings", [{"n": "x"}], device, "application/senml+json")
                self.assertEqual(status, 400)

            def seen(user: str) -> set[str]:
                _, told, _ = person[user].ask("GET", "/api/v1/quarantine")
                return {one["device"] for part in ("newest", "counts") for one in told[part]}

            person = {user: Person(gateway, user) for user in ("chen", "zhao")}
            wait_for("both refusals", lambda: seen("zhao") == {"hoist-1", "weather"})
            self.assertEqual(seen("chen"), {"hoist-1"})

    def test_an_ended_session_writes_nothing(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            person = Person(gateway, "zhao")
            self.assertEqual(person.ask("DELETE", "/api/v1/session", {})[0], 204)
            status, answer, _ = person.ask("PUT", "/api/v1/cameras/gate/setup", setup(facade()))
            self.assertEqual(status, 401, answer)


if __name__ == "__main__":
    run_with_pictures(__doc__, options)
