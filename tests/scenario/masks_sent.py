"""Law: no pixel inside a privacy mask, nor beyond the facade's surroundings, leaves the box: not to the platform, a
mirror, in a time-lapse, small on the page, on the picture that calibrating draws, in a support bundle, with the record
that is taken out.

Marker pixels are painted there into real frames; all that each of these ways gives is searched for them. Without the
masks, or with the outside shown, the same search finds them on each way that carries pictures, so it can. Calibrating
draws on a picture that the installer brings: masks hold on it, its outside is not hidden.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

from broker import Broker
from first_html import smaller
from gateway import Gateway, Settings, executable, patience, wait_for
from masks_hold import FAR_OFF, MARKERS, Found, count_in, masks, paint, scan_windows
from mirror import MirrorOf
from pictures import camera, corners, has_played, usable_frames
from platform_view import PlatformView

PICTURES = 6
WITH_PICTURES = {"platform", "mirror", "film", "page", "drawing"}


class MasksSent(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="jieding-sent-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.frames = self.folder / "frames"
        self.frames.mkdir()
        good = usable_frames()
        for frame in good[:: len(good) // PICTURES][:PICTURES]:
            paint("magenta", frame, self.frames / frame.name, MARKERS + FAR_OFF)
        self.last = max(self.frames.iterdir())
        self.brought = self.folder / "brought.jpg"
        paint("magenta", good[-1], self.brought)

    def jieding(self, gateway: Gateway, *words: object) -> None:
        done = subprocess.run([executable(), *map(str, words), "--config", gateway.config],
                              capture_output=True, text=True, timeout=120 * patience())
        self.assertEqual(done.returncode, 0, done.stderr)

    def way(self, name: str) -> Path:
        folder = self.folder / "sent" / name
        folder.mkdir(parents=True)
        return folder

    def to_the_platform(self, gateway: Gateway, platform: PlatformView) -> None:
        folder = self.way("platform")
        stored = lambda: {file.stem for file in (gateway.state / "evidence").rglob("*.jpg")}
        wait_for("all pictures at the platform", lambda: stored() and set(platform.evidence) == stored(), 60, 0.2)
        for name, picture in platform.evidence.items():
            (folder / f"{name}.jpg").write_bytes(picture)

    def to_a_mirror(self, gateway: Gateway) -> None:
        kept = MirrorOf(gateway, self.way("mirror")).once()
        self.assertEqual(kept.returncode, 0, kept.stderr)

    def as_a_film(self, gateway: Gateway) -> None:
        folder = self.way("film")
        film = folder / "rise.mp4"
        self.jieding(gateway, "timelapse", "--camera", "mast", "--from", "2024-01-01", "--to", "2025-12-31", "--out", film)
        subprocess.run(["ffmpeg", "-loglevel", "error", "-i", film, folder / "%02d.jpg"], check=True)

    def small_on_the_page(self, gateway: Gateway) -> None:
        folder = self.way("page")
        for file in (gateway.state / "evidence").rglob("*.jpg"):
            address = f"/api/v1/evidence/{file.stem}?width=320"
            small = wait_for("a small picture", lambda: smaller(gateway, address, file.stat().st_size))
            (folder / file.name).write_bytes(small)

    def as_a_drawing(self, gateway: Gateway) -> None:
        ground_left, ground_right, *_ = corners()
        up = (corners()[0][1] - corners()[3][1]) / 18 * 9
        clicks = [ground_left, ground_right, [ground_right[0], ground_right[1] - up], [ground_left[0], ground_left[1] - up]]
        self.jieding(gateway, "calibrate", "--camera", "mast", "--picture", self.brought, "--out", self.way("drawing") / "check.jpg",
                     "--storeys-visible", 9, "--corners", *[f"{x:.0f},{y:.0f}" for x, y in clicks])

    def as_a_bundle(self, gateway: Gateway) -> None:
        folder = self.way("bundle")
        self.jieding(gateway, "support-bundle", "--out", folder / "bundle.tar.gz")
        with tarfile.open(folder / "bundle.tar.gz") as bundle:
            bundle.extractall(folder)

    def as_the_record(self, gateway: Gateway) -> None:
        folder = self.way("record") / "ledger"
        self.jieding(gateway, "ledger", "export", folder)
        self.assertTrue((folder / "checkpoint").exists(), list(folder.iterdir()))

    def search(self, polygons: list[list[list[float]]], outside: str = "hidden") -> dict[str, Found]:
        shutil.rmtree(self.folder / "sent", ignore_errors=True)
        with Broker() as broker, Gateway(camera(Settings().uplink(broker.port), self.frames, polygons,
                                                outside=outside)) as gateway:
            with PlatformView(broker.port) as platform:
                gateway.start()
                wait_for("all pictures", lambda: has_played(gateway, self.last.name), 60, 0.1)
                self.to_the_platform(gateway, platform)
            self.to_a_mirror(gateway)
            self.as_a_film(gateway)
            self.small_on_the_page(gateway)
            self.as_a_drawing(gateway)
            self.as_a_bundle(gateway)
            self.as_the_record(gateway)
        originals = scan_windows(self.frames)
        return {folder.name: count_in(folder, originals) for folder in (self.folder / "sent").iterdir()}

    def test_markers_inside_masks_and_beyond_the_surroundings_go_nowhere(self) -> None:
        for way, found in self.search(masks()).items():
            print(f"masked, {way}: {found}")
            self.assertEqual((found.markers, found.scan_windows), (0, 0), way)
            if way in WITH_PICTURES:
                self.assertGreater(found.pictures, 0, way)

    def expect_on(self, ways: set[str], what: str, found: dict[str, Found]) -> None:
        for way in sorted(ways):
            print(f"{what}, {way}: {found[way]}")
            self.assertGreater(found[way].markers, 1000, way)

    def test_without_masks_the_same_search_finds_them(self) -> None:
        self.expect_on(WITH_PICTURES, "not masked", self.search([]))

    def test_with_the_outside_shown_the_same_search_finds_what_is_there(self) -> None:
        self.expect_on(WITH_PICTURES - {"drawing"}, "outside shown", self.search(masks(), outside="shown"))


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
