"""The demo's contractor and platform must themselves be right, or they would prove nothing."""

from __future__ import annotations

import json
import tempfile
import unittest
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import hj212
import merkle
import notebook
import station
import verdict
import wind_sensor
from supervision import Record


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


class MerkleTest(unittest.TestCase):
    # Leaves and roots of the reference tests of certificate-transparency implementations.
    LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
              "606162636465666768696a6b6c6d6e6f"]
    ROOTS = {1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}

    def test_roots_are_those_of_rfc_6962(self) -> None:
        tree = merkle.Tree()
        self.assertEqual(tree.root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        leaves = [bytes.fromhex(leaf) for leaf in self.LEAVES]
        for size, leaf in enumerate(leaves, start=1):
            tree.append(leaf)
            self.assertEqual(tree.root(), plain_root(leaves[:size]))
            if size in self.ROOTS:
                self.assertEqual(tree.root().hex(), self.ROOTS[size])


class Hj212Test(unittest.TestCase):
    def test_frame_is_that_of_the_standard(self) -> None:
        segment = ("QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;"
                   "Flag=5;CP=&&RtdInterval=30&&")
        self.assertEqual(hj212.frame(segment), b"##0101" + segment.encode() + b"1C80\r\n")

    def test_only_a_whole_9014_acknowledges(self) -> None:
        answer = b"##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&3240"
        self.assertEqual(hj212.acknowledged(answer), "20160801085857223")
        self.assertIsNone(hj212.acknowledged(answer.replace(b"CN=9014", b"CN=9013")))
        self.assertIsNone(hj212.acknowledged(answer[:-1] + b"1"))
        self.assertIsNone(hj212.acknowledged(b""))

    def test_uploads_keep_the_standards_lengths(self) -> None:
        now = datetime(2024, 11, 8, 4, 12, tzinfo=timezone.utc)
        with tempfile.TemporaryDirectory() as folder:
            notes = notebook.Notebook(Path(folder) / "notes")
            self.addCleanup(notes.close)
            box = station.Station(0, "010000A8900016F000169DC0", "123456", notes)
            for upload in box.uploads(now):
                segment = upload.raw[6:-6]
                self.assertEqual(int(upload.raw[2:6]), len(segment))
                self.assertLessEqual(len(segment), 1024)
                self.assertLessEqual(len(segment.split(b"CP=&&")[1]) - 2, 950)
                self.assertIn(b"DataTime=202411081211" if upload.period == "minute" else b"DataTime=20241108121200",
                              segment)


class WindSensorTest(unittest.TestCase):
    def test_answers_are_those_of_the_protocol(self) -> None:
        values = [0x022B, 0x0000, 0x0064]
        # Section 6.3 of the application protocol, its example shifted to register 0.
        self.assertEqual(wind_sensor.answer(bytes.fromhex("0300000003"), values), bytes.fromhex("0306022b00000064"))
        for wrong, code in (("0100000001", 1), ("0300000000", 3), ("030000", 3), ("030000007e", 3), ("0300010003", 2)):
            said = wind_sensor.answer(bytes.fromhex(wrong), values)
            self.assertEqual(said, bytes([int(wrong[:2], 16) | 0x80, code]), wrong)

    def test_registers_are_what_a_register_can_hold(self) -> None:
        for day in range(700):
            speed, direction = wind_sensor.registers(datetime.fromtimestamp(1_700_000_000 + day * 90_001, timezone.utc))
            self.assertTrue(0 <= speed <= 100 and 0 <= direction < 360)


class VerdictTest(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        folder = Path(self._folder.name)
        (folder / "platform").mkdir()
        self.told: list[dict[str, Any]] = [
            {"device": device, "n": f"{name}/realtime", "t": 60, "v": 1, "flag": flag}
            for device, name, flag in (("dust-1", "pm10", "N"), ("dust-1", "noise", ""), ("hoist-1", "hoist_load", ""),
                                       ("wind-1", "wind_speed", ""), ("crane-1", "crane_load", "simulated"))]
        self.said = {"dust-1": 2, "hoist-1": 1}
        self.stored = 5

    def bad_lines(self) -> int:
        folder = Path(self._folder.name)
        for device, readings in self.said.items():
            notes = [{"period": "realtime", "t": 60, "readings": readings}]
            (folder / verdict.NOTES[device]).write_text("".join(json.dumps(note) + "\n" for note in notes))
        (folder / "platform/telemetry.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in self.told))
        site = {"counts": {"readings_stored": self.stored}}
        ending = verdict.Ending(folder, site, "", {}, Counter(), 0)
        return sum(1 for line in verdict.readings(ending) if line.agrees is False)

    def test_what_agrees_is_fine(self) -> None:
        self.assertEqual(self.bad_lines(), 0)
        self.told.append(dict(self.told[0]))  # telemetry may come twice
        self.assertEqual(self.bad_lines(), 0)

    def test_an_acknowledged_reading_that_is_lost_is_told(self) -> None:
        for lost in (0, 2):
            told, self.told = self.told, self.told[:lost] + self.told[lost + 1:]
            self.stored = 4
            self.assertEqual(self.bad_lines(), 1)
            self.told, self.stored = told, 5

    def test_another_device_does_not_make_up_for_a_lost_reading(self) -> None:
        for other, quantity in ((2, "hoist_height"), (3, "wind_direction")):
            told, self.told = self.told, [{**self.told[other], "n": quantity + "/realtime"}, *self.told[1:]]
            self.assertEqual(self.bad_lines(), 1)
            self.told = told

    def test_a_stored_reading_that_did_not_arrive_is_told(self) -> None:
        self.stored = 6
        self.assertEqual(self.bad_lines(), 1)

    def test_a_simulated_reading_without_its_mark_is_told(self) -> None:
        self.told.append({**self.told[4], "t": 61, "flag": ""})
        self.stored = 6
        self.assertEqual(self.bad_lines(), 1)
        self.told[-1] = {**self.told[3], "t": 61, "flag": "simulated"}
        self.assertEqual(self.bad_lines(), 1)


class RecordTest(unittest.TestCase):
    def test_record_survives_a_torn_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.jsonl"
            record = Record(path)
            self.assertEqual([record.add(i, f"gw1/{i}", f"leaf {i}") for i in (0, 1, 3, 1)],
                             ["new", "new", "gap", "repeated"])
            self.assertEqual(record.add(0, "gw1/0", "another"), "rewritten")
            receipt = record.receipt()
            record.close()
            with open(path, "ab") as file:
                file.write(b'{"index":2,"id":"gw1/2","le')
            again = Record(path)
            self.assertEqual(again.receipt(), receipt)
            self.assertEqual(again.add(2, "gw1/2", "leaf 2"), "new")
            again.close()
            self.assertEqual([entry["index"] for entry in notebook.read(path)], [0, 1, 2])


if __name__ == "__main__":
    unittest.main()
