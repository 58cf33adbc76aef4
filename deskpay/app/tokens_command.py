"""`deskpay tokens put`: tokens from standard input into the keyring, for whoever installs DeskPay on many desks.

Two lines are Mews's tokens; with two more come the keys of the hotel's account at PayMongo.

They are read from standard input because arguments stand in the list of processes and in a shell's history.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys

from deskpay.domain.environment import Environment
from deskpay.domain.errors import InputRefused, KeyringUnavailable

_CONNECTION = re.compile(r"(live|training)-[0-9A-Za-z-]{1,64}")
_EXPECTED = (
    "expected two lines on standard input, the client token and the access token, "
    "and two more where PayMongo takes the hotel's cards: its secret key and its public key"
)
_MOST_CHARACTERS = 640
"""Windows holds 1,280 bytes in a secret, two for each character (keyring, issue 540)."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `tokens` and its one act to the command line."""
    parser = commands.add_parser("tokens", help="put tokens into the system's keyring")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    put = acts.add_parser("put", help="read tokens, and keys where there are any, a line each, from standard input")
    put.add_argument("connection", metavar="CONNECTION", help="such as live- and the hotel's enterprise id")


def run(chosen: argparse.Namespace) -> int:
    """Do it; return 0, 1 where there is no keyring to write to, 2 for wrong words."""
    from deskpay.app.hotels import key_names, token_names
    from deskpay.gateways.paymongo.keys import keys_of
    from deskpay.gateways.token_store import TokenStore, system_keyring
    from deskpay.ui.present_error import words_for

    if not _CONNECTION.fullmatch(chosen.connection):
        return _refuse("name the connection as live-, and the hotel's enterprise id behind it", 2)
    tokens = [line.strip() for line in sys.stdin.read().splitlines() if line.strip()]
    if len(tokens) not in {2, 4} or any(len(token) > _MOST_CHARACTERS for token in tokens):
        return _refuse(_EXPECTED, 2)
    if len(tokens) == 4:
        try:
            keys_of(Environment(chosen.connection.partition("-")[0]), *tokens[2:])
        except InputRefused as refusal:
            return _refuse(f"{refusal.field.value}: {words_for(refusal).sentence}", 2)
    backend = system_keyring()
    if backend is None:
        return _refuse("this system offers no keyring, and tokens are kept nowhere else", 1)
    store = TokenStore(backend)

    async def put() -> None:
        names = (*token_names(chosen.connection), *key_names(chosen.connection))
        for name, token in zip(names, tokens, strict=False):
            await store.keep(name, token)

    try:
        asyncio.run(put())
    except KeyringUnavailable:
        return _refuse("the keyring is locked or does not answer", 1)
    sys.stdout.write(f"The tokens of {chosen.connection} are in {store.name}.\n")
    return 0


def _refuse(why: str, code: int) -> int:
    sys.stderr.write(f"deskpay tokens: {why}\n")
    return code
