"""The demo's contractor and platform must themselves be right, or they would prove nothing."""

from __future__ import annotations

import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

import hj212
import merkle
import notebook
import station
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
