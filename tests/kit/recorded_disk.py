"""A disk under SQLite that records what is written to it and when it is synced, to be cut at every point.

It is a VFS of SQLite's own kind (SQLite, "The SQLite OS Interface or VFS"), put around the default one: every call goes
through, and those that change a file are kept. What a power cut leaves follows from SQLite's own assumptions: what was
synced stands; of what was not, any part may stand, cut between two sectors; a file that was made is there for sure
once it was synced, since SQLite syncs its folder then; one that was removed is gone for sure where the folder was
synced with it.
"""

import ctypes
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512
"""Bytes that a drive writes wholly or not at all; the least that SQLite reckons with."""

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_CLOSE = CFUNCTYPE(c_int, c_void_p)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)

_OK = 0


class _Vfs(Structure):
    """The head of `sqlite3_vfs`; what follows is copied as it is."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", c_void_p * 13),
    )


class _Methods(Structure):
    """The head of `sqlite3_io_methods`; what follows is copied as it is."""

    _fields_ = (
        ("version", c_int),
        ("close", _CLOSE),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", c_void_p * 13),
    )


@dataclass(frozen=True, slots=True)
class Op:
    """Something that happened to a file, or a mark.

    Args:
        what: ``make``, ``write``, ``truncate``, ``sync``, ``remove``, ``remove and sync`` or ``mark``.
        name: of the file; what the mark says.
        at: where a write begins, or the size that is left.
        content: what is written.
    """

    what: str
    name: str
    at: int = 0
    content: bytes = b""


@dataclass
class RecordedDisk:
    """What happened in one folder. Made by `recording`.

    Attributes:
        folder: whose files are recorded.
        before: what stood there.
        ops: in order.
    """

    folder: Path
    before: dict[str, bytes]
    ops: list[Op] = field(default_factory=list)

    def mark(self, what: str) -> None:
        """Keep that something happened outside at this point."""
        self.ops.append(Op("mark", what))

    def cuts(self, seed: int, tries: int) -> Iterator[tuple[tuple[str, ...], dict[str, bytes]]]:
        """Cut the power after every operation; give the marks until then and what may stand on the disk afterwards.

        Args:
            seed: of what stands by chance.
            tries: how often chance decides at each point, besides all and nothing of what was not synced.
        """
        chance = random.Random(seed)  # noqa: S311 - the same cuts every time
        for point in range(len(self.ops) + 1):
            told = tuple(op.name for op in self.ops[:point] if op.what == "mark")
            sure, doubtful = self._until(point)
            seen: set[tuple[tuple[str, bytes], ...]] = set()
            for number in range(tries + 2 if doubtful else 1):
                left = dict(sure)
                for op in doubtful:
                    if number == 1 or (number > 1 and chance.random() < 0.5):
                        _do(left, _torn(op, chance) if number > 1 else op)
                state = tuple(sorted((name, bytes(content)) for name, content in left.items()))
                if state not in seen:
                    seen.add(state)
                    yield told, dict(state)

    def _until(self, point: int) -> tuple[dict[str, bytearray], list[Op]]:
        """Return what stands for sure at a point, and what was done since and may stand."""
        sure = {name: bytearray(content) for name, content in self.before.items()}
        doubtful: list[Op] = []
        for op in self.ops[:point]:
            if op.what == "sync":
                for done in [one for one in doubtful if one.name == op.name]:
                    _do(sure, done)
                doubtful = [one for one in doubtful if one.name != op.name]
            elif op.what == "remove and sync":
                sure.pop(op.name, None)
                doubtful = [one for one in doubtful if one.name != op.name]
            elif op.what != "mark":
                doubtful.append(op)
        return {name: bytearray(content) for name, content in sure.items()}, doubtful


def _do(disk: dict[str, bytearray], op: Op) -> None:
    """Let an operation stand; one on a file that is not there leaves nothing."""
    if op.what == "make":
        disk[op.name] = bytearray()
    elif op.what == "remove":
        disk.pop(op.name, None)
    elif op.name in disk:
        content = disk[op.name]
        if op.what == "truncate":
            del content[op.at :]
            return
        content.extend(bytes(max(0, op.at - len(content))))
        content[op.at : op.at + len(op.content)] = op.content


def _torn(op: Op, chance: random.Random) -> Op:
    """Return the same, or as much of a write as reaches to the border of a sector."""
    if op.what != "write" or chance.random() < 0.5:
        return op
    first, end = op.at // SECTOR + 1, op.at + len(op.content)
    border = chance.randrange(first, max(first + 1, -(-end // SECTOR))) * SECTOR
    return Op("write", op.name, op.at, op.content[: border - op.at])


@contextmanager
def recording(folder: Path) -> Iterator[RecordedDisk]:
    """Record what SQLite does to the files in `folder`, those of connections that are opened in the block."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    disk = RecordedDisk(folder, before)
    shim = _Shim(disk)
    shim.register()
    try:
        yield disk
    finally:
        shim.unregister()


class _Shim:
    """The recording VFS.

    Args:
        disk: keeps what is seen.
    """

    def __init__(self, disk: RecordedDisk) -> None:
        self._disk = disk
        self._library = ctypes.CDLL(_loaded_sqlite())
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._library.sqlite3_vfs_find.argtypes = [c_char_p]
        self._inner = self._library.sqlite3_vfs_find(None)
        self._names: dict[int, str] = {}
        self._methods: dict[int, tuple[_Methods, Any]] = {}
        self._vfs = _Vfs()
        ctypes.memmove(ctypes.byref(self._vfs), self._inner, ctypes.sizeof(_Vfs))
        self._vfs.name = b"recorded"
        self._open, self._delete = self._inner.contents.open, self._inner.contents.delete
        self._vfs.open, self._vfs.delete = _OPEN(self._on_open), _DELETE(self._on_delete)

    def register(self) -> None:
        """Let every connection opened from now on go through here."""
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) == _OK

    def unregister(self) -> None:
        """Let the connections be as before."""
        assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs)) == _OK

    def _name_of(self, path: bytes | None) -> str:
        place = Path(path.decode()) if path else Path()
        return place.name if place.parent == self._disk.folder else ""

    def _on_open(self, _vfs: int, path: int | None, file: int, flags: int, out_flags: int | None) -> int:
        name = self._name_of(ctypes.string_at(path) if path else None)
        made = bool(name) and not (self._disk.folder / name).exists()
        code: int = self._open(ctypes.addressof(self._inner.contents), path, file, flags, out_flags)
        if code == _OK and name:
            if made:
                self._disk.ops.append(Op("make", name))
            self._names[file] = name
            slot = ctypes.cast(file, POINTER(c_void_p))
            slot[0] = self._recorded(slot[0] or 0)
        return code

    def _on_delete(self, _vfs: int, path: bytes, sync: int) -> int:
        code: int = self._delete(ctypes.addressof(self._inner.contents), path, sync)
        name = self._name_of(path)
        if code == _OK and name:
            self._disk.ops.append(Op("remove and sync" if sync else "remove", name))
        return code

    def _recorded(self, address: int) -> int:
        """Return the address of methods around those at `address`."""
        if address not in self._methods:
            inner = _Methods.from_address(address)
            outer = _Methods()
            ctypes.memmove(ctypes.byref(outer), address, ctypes.sizeof(_Methods))
            close, write, truncate, sync = inner.close, inner.write, inner.truncate, inner.sync

            def on_close(file: int) -> int:
                self._names.pop(file)
                code: int = close(file)
                return code

            def on_write(file: int, content: int, size: int, at: int) -> int:
                self._disk.ops.append(Op("write", self._names[file], at, ctypes.string_at(content, size)))
                code: int = write(file, content, size, at)
                return code

            def on_truncate(file: int, size: int) -> int:
                self._disk.ops.append(Op("truncate", self._names[file], size))
                code: int = truncate(file, size)
                return code

            def on_sync(file: int, flags: int) -> int:
                code: int = sync(file, flags)
                self._disk.ops.append(Op("sync", self._names[file]))
                return code

            outer.close, outer.write = _CLOSE(on_close), _WRITE(on_write)
            outer.truncate, outer.sync = _TRUNCATE(on_truncate), _SYNC(on_sync)
            self._methods[address] = (outer, inner)
        return ctypes.addressof(self._methods[address][0])


def _loaded_sqlite() -> str:
    """Return the library that this process's sqlite3 has loaded."""
    assert sqlite3.sqlite_version
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return next(line.split()[-1] for line in maps if "libsqlite3" in line)
