"""Seals: how small files of this desk show that somebody changed them.

The key lies in the operating system's keyring, so whoever edits a file without opening DeskPay cannot seal it again.
Where there is no keyring, the key is empty: such a seal tells of accidents and careless edits alone.
"""

from __future__ import annotations

import hashlib
import hmac


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
