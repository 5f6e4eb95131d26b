#!/usr/bin/python3
"""Many viewers at once beside ingest, then from a reading to the screen of a real browser.

    page_viewers.py [--viewers 500] [--seconds 20] [--events 300]     $JIEDING: the gateway, else the release build

A viewer does what the page does: it holds a stream and reads the site when it tells of a change. Each has a
loopback address of its own, as on a site's network. A device pushes a reading a second; its answer comes after the commit.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenario"))
from gateway import Gateway, Settings  # noqa: E402


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head[:16], head
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    return await reader.readexactly(length)


class Viewer:
    def __init__(self, port: int, number: int) -> None:
        self.port = port
        self.address = f"127.1.{number // 200}.{number % 200 + 1}"
        self.reads: list[float] = []
        self.bytes = 0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.address, 0))

    async def look(self, ready: asyncio.Semaphore) -> None:
        stream, ask = await self.connect()
        ask.write(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await stream.readuntil(b"\r\n\r\n")
        assert b" 200 " in head[:16], head
        reader, writer = await self.connect()
        ready.release()
        while True:
            line = await stream.readline()
            if not line:
                raise ConnectionError("the stream ended")
            if not line.startswith(b"data:"):
                continue
            begun = time.perf_counter()
            writer.write(b"GET /api/v1/site HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.bytes += len(await answer(reader))
            self.reads.append(time.perf_counter() - begun)


async def push(port: int, token: str, seconds: float, per_second: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        body = b'[{"n":"pm10","u":"ug/m3","v":%d,"t":%.3f}]' % (len(times), time.time())
        begun = time.perf_counter()
        writer.write(b"POST /api/v1/readings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                     b"Content-Type: application/senml+json\r\nContent-Length: %d\r\n\r\n%s" % (token.encode(), len(body), body))
        await answer(reader)
        times.append(time.perf_counter() - begun)
        await asyncio.sleep(max(0.0, 1 / per_second - (time.monotonic() - began)))
    return times


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident_mb(pid: int) -> float:
    return next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
                if line.startswith("VmRSS")) / 1024


async def crowd(port: int, pid: int, token: str, viewers: int, seconds: float) -> None:
    alone = await push(port, token, seconds, 1)
    ready = asyncio.Semaphore(0)
    all_viewers = [Viewer(port, number) for number in range(viewers)]
    looking = [asyncio.create_task(viewer.look(ready)) for viewer in all_viewers]
    for _ in all_viewers:
        await asyncio.wait_for(ready.acquire(), 60)
    await asyncio.sleep(2)  # the first reading of all of them is not what is measured
    for viewer in all_viewers:
        viewer.reads.clear()
    cpu, begun = cpu_seconds(pid), time.monotonic()
    beside = await push(port, token, seconds, 1)
    used = (cpu_seconds(pid) - cpu) / (time.monotonic() - begun)
    lost = [task for task in looking if task.done()]
    reads = [each for viewer in all_viewers for each in viewer.reads]
    for name, times in (("alone", alone), (f"with {viewers} viewers", beside)):
        print(f"reading acknowledged after its commit, {name}: p50 {1e3 * percentile(times, .5):.1f} ms, "
              f"p99 {1e3 * percentile(times, .99):.1f} ms ({len(times)})")
    print(f"{viewers} viewers, {len(lost)} lost: {len(reads) / seconds:.0f} reads of the site a second, p50 "
          f"{1e3 * percentile(reads, .5):.0f} ms, p99 {1e3 * percentile(reads, .99):.0f} ms; "
          f"gateway {used:.2f} cores, {resident_mb(pid):.0f} MB")
    for task in looking:
        task.cancel()
    await asyncio.gather(*looking, return_exceptions=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--events", type=int, default=300)
    options = parser.parse_args()
    with Gateway(Settings().building().pushing_device("dust-1")) as gateway:
        gateway.start()
        port, token = gateway.ports["web"], gateway.tokens["dust-1"]
        if options.viewers:
            asyncio.run(crowd(port, gateway.process.pid, token, options.viewers, options.seconds))
        if options.events:
            page = ROOT / "tests/page"
            subprocess.run(["node", page / "event_to_screen.mjs", f"http://127.0.0.1:{port}/", str(options.events)],
                           cwd=page, check=True, input=token, text=True)


if __name__ == "__main__":
    main()
