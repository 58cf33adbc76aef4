"""Seals: how small files of this desk show that somebody changed them.

The key lies in the operating system's keyring, so whoever edits a file without opening DeskPay cannot seal it again.
Where there is no keyring, the key is empty: such a seal tells of accidents and careless edits alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from pathlib import Path

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable


class Seal:
    """Signs text with one key.

    Args:
        key: secret bytes; empty where there is no place to keep some.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._key = key

    def of(self, text: str) -> str:
        """Return the seal of `text`, in hexadecimal digits."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def fits(self, text: str, seal: str) -> bool:
        """Tell whether `seal` was made of `text` with this key."""
        return hmac.compare_digest(self.of(text).encode(), seal.encode())


def read_sealed(path: Path, seal: Seal) -> object | None:
    """Return what a sealed file holds, None where there is no file.

    Raises:
        JournalUnavailable: it cannot be read now.
        JournalCorrupt: it was changed by another hand than DeskPay's.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as problem:
        raise JournalCorrupt(f"{path.name} is no text") from problem
    except OSError as problem:
        raise JournalUnavailable(f"{path.name} cannot be read: {problem.strerror}") from problem
    body, _, sealed = text.rstrip("\n").rpartition("\n")
    if not seal.fits(body, sealed):
        raise JournalCorrupt(f"{path.name} was changed outside DeskPay")
    try:
        held: object = json.loads(body)
    except ValueError as problem:
        raise JournalCorrupt(f"{path.name} holds no JSON") from problem
    return held


def write_sealed(path: Path, held: object, seal: Seal) -> None:
    """Put a sealed file in place; after this returns it is on the disk, and before that the old one still is.

    Raises:
        JournalUnavailable: it cannot be written.
    """
    body = json.dumps(held, indent=1, sort_keys=True)
    aside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{body}\n{seal.of(body)}\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)
    except OSError as problem:
        raise JournalUnavailable(f"{path.name} cannot be written: {problem.strerror}") from problem


def sync_folder(folder: Path) -> None:
    """Return once the names in `folder` are on the disk.

    Raises:
        OSError: they cannot be.
    """
    with contextlib.suppress(PermissionError):  # Windows opens no folders, and needs none synced
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
