"""The bounds that a unit file sets to system calls, put on a process by libseccomp as systemd does it.

No systemd need run: its own list of what is in a group comes from `systemd-analyze syscall-filter`.
"""

from __future__ import annotations

import configparser
import ctypes
import errno
import functools
import mmap
import socket
import subprocess
from pathlib import Path

ALLOW = 0x7FFF0000
MASKED_EQUAL = 7


def refuse(code: int) -> int:
    return 0x00050000 | code


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("one", ctypes.c_uint64), ("two", ctypes.c_uint64)]


@functools.cache
def library() -> ctypes.CDLL:
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_init.argtypes = [ctypes.c_uint32]
    seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
    seccomp.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Comparison)]
    return seccomp


def number_of(name: str) -> int:
    return int(library().seccomp_syscall_resolve_name(name.encode()))


@functools.cache
def members(group: str) -> frozenset[str]:
    """The system calls in a group such as @system-service, those of the groups in it as well."""
    told = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", group], capture_output=True, text=True, check=True).stdout
    found: set[str] = set()
    for word in (line.split("#")[0].strip() for line in told.splitlines()[1:]):
        if word.startswith("@"):
            found |= members(word)
        elif word:
            found.add(word)
    return frozenset(found)


class Rules:
    def __init__(self, otherwise: int) -> None:
        self.filter = library().seccomp_init(otherwise)

    def add(self, action: int, name: str, *comparisons: Comparison) -> None:
        number = number_of(name)
        if number >= 0:  # below: not on this machine
            array = (Comparison * max(1, len(comparisons)))(*comparisons)
            library().seccomp_rule_add_array(self.filter, action, number, len(comparisons), array)

    def load(self) -> None:
        if library().seccomp_load(self.filter) != 0:
            raise OSError("libseccomp cannot load the filter")


class Unit:
    """The [Service] section of a unit file; a key that stands there twice keeps its last value."""

    def __init__(self, file: Path) -> None:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(file)
        self.service = parser["Service"]

    def allowed(self) -> set[str]:
        words = set(self.service["SystemCallFilter"].split()) | {"@default"}
        clock = members("@clock") if self.service.get("ProtectClock") == "yes" else frozenset()
        return {name for word in words for name in (members(word) if word.startswith("@") else {word})} - clock

    def bound_this_process(self) -> None:
        """Call between fork and exec. The strictest of several filters holds."""
        if self.service.get("MemoryDenyWriteExecute") == "yes":
            memory = Rules(ALLOW)
            both = mmap.PROT_WRITE | mmap.PROT_EXEC
            memory.add(refuse(errno.EPERM), "mmap", Comparison(2, MASKED_EQUAL, both, both))
            memory.add(refuse(errno.EPERM), "mprotect", Comparison(2, MASKED_EQUAL, mmap.PROT_EXEC, mmap.PROT_EXEC))
            memory.load()
        families = {getattr(socket, name) for name in self.service["RestrictAddressFamilies"].split()}
        sockets = Rules(ALLOW)
        for family in set(range(64)) - families:
            sockets.add(refuse(errno.EAFNOSUPPORT), "socket", Comparison(0, MASKED_EQUAL, 0xFFFFFFFF, family))
        sockets.load()
        calls = Rules(refuse(errno.EPERM))
        for name in self.allowed():
            calls.add(ALLOW, name)
        calls.load()
