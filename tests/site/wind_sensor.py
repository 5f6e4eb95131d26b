"""A wind sensor that answers over Modbus TCP (MODBUS Application Protocol V1.1b3).

Holding register 0 is the speed in 0.1 m/s, 1 the direction in degrees; they follow the site's clock.
Anything but reading holding registers is refused as the protocol wants it.
"""

from __future__ import annotations

import argparse
import math
import socketserver
import struct
import threading
from datetime import datetime

from page import Page
from part import SiteClock, secret, stop_on_signals, stopping

READ_HOLDING = 3
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
HEADER = struct.Struct(">HHHB")  # transaction, protocol, bytes that follow, unit
LONGEST_PDU = 253


def registers(now: datetime) -> list[int]:
    days = now.timestamp() / 86_400
    speed = 3.0 + 2.0 * math.sin(days * 1.7) + 0.8 * math.sin(days * 211)
    return [round(speed * 10), round(180 + 150 * math.sin(days * 0.9))]


def answer(pdu: bytes, values: list[int]) -> bytes:
    """The PDU that a slave with these registers says to this one."""
    function = pdu[0]

    def refuse(code: int) -> bytes:
        return bytes([function | 0x80, code])

    if function != READ_HOLDING:
        return refuse(ILLEGAL_FUNCTION)
    if len(pdu) != 5:
        return refuse(ILLEGAL_VALUE)
    first, count = struct.unpack(">HH", pdu[1:])
    if not 1 <= count <= 125:
        return refuse(ILLEGAL_VALUE)
    if first + count > len(values):
        return refuse(ILLEGAL_ADDRESS)
    return struct.pack(f">BB{count}H", function, 2 * count, *values[first:first + count])


class Sensor(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, values: list[int]) -> None:
        self.values = values
        super().__init__(("127.0.0.1", port), Connection)


class Connection(socketserver.StreamRequestHandler):
    server: Sensor

    def handle(self) -> None:
        while len(head := self.rfile.read(HEADER.size)) == HEADER.size:
            transaction, protocol, length, unit = HEADER.unpack(head)
            if protocol != 0 or not 2 <= length <= LONGEST_PDU + 1:
                return  # not Modbus: nothing that follows can be understood
            pdu = self.rfile.read(length - 1)
            if len(pdu) != length - 1:
                return
            said = answer(pdu, self.server.values)
            self.wfile.write(HEADER.pack(transaction, 0, len(said) + 1, unit) + said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", required=True, help="address of the gateway's page, for the site's clock")
    parser.add_argument("--viewer-token-file", required=True)
    parser.add_argument("--port", type=int, required=True, help="to listen on")
    options = parser.parse_args()
    stop_on_signals()
    clock = SiteClock(Page(options.page, secret(options.viewer_token_file)))
    while (now := clock.next()) is not None and now.timestamp() == 0:
        pass  # before its first picture the site has no time, so there is nothing to measure yet
    if now is None:
        return
    with Sensor(options.port, registers(now)) as sensor:
        threading.Thread(target=sensor.serve_forever, daemon=True).start()
        while not stopping.is_set() and (now := clock.next()) is not None:
            sensor.values = registers(now)
        sensor.shutdown()


if __name__ == "__main__":
    main()
