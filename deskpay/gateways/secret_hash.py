"""Argon2id for PINs and passwords, beside the loop: one hash takes 64 MiB and a tenth of a second on purpose."""

from __future__ import annotations

import asyncio

import argon2
from typing_extensions import override

from deskpay.services.ports import SecretHasher


class Argon2Hasher(SecretHasher):
    """The library's defaults (64 MiB, 3 passes, 4 lanes), above OWASP's floor of 19 MiB, 2 passes, 1 lane."""

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher()

    @override
    async def hashed(self, secret: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, secret)

    @override
    async def fits(self, secret_hash: str, secret: str) -> bool:
        try:
            return await asyncio.to_thread(self._hasher.verify, secret_hash, secret)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
