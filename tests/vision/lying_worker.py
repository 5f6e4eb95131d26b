#!/usr/bin/python3
"""Stands in for jieding-vision and answers photos wrongly, as the photo's own bytes ask for: "other" with the
answer to another question, "nonsense" with no answer at all, all else rightly. Speaks vision/wire on descriptor 3."""
import json, os, struct

SOCKET = 3


def take(count):
    out = b""
    while len(out) < count:
        out += os.read(SOCKET, count - len(out)) or exit(0)
    return out


while True:
    header_size, blobs = struct.unpack(">II", take(8))
    sizes = struct.unpack(f">{blobs}I", take(4 * blobs))
    question = json.loads(take(header_size))
    photo = [take(size) for size in sizes][0]
    answer = {"kind": "masked_photo", "id": question["id"] + (photo == b"other"), "refused": ""}
    header = b"nonsense" if photo == b"nonsense" else json.dumps(answer).encode()
    os.write(SOCKET, struct.pack(">III", len(header), 1, len(photo)) + header + photo)
