"""`deskpay doctor`: whether this computer is ready for the desk, said in sentences or as JSON. No money moves."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskpay.app.doctor import Finding


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's words."""
    words = commands.add_parser("doctor", help="check connection, permissions, keyring, web engine, journals and clock")
    words.add_argument("--json", action="store_true", help="say it in JSON")
    words.add_argument("--training", action="store_true", help="check connection and clock at the training hotel")
    words.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)


def prepare(chosen: argparse.Namespace) -> None:
    """Need no screen, for the doctor shows no window; the engine has to know before the environment is cleaned."""
    if chosen.engine and sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def run(chosen: argparse.Namespace) -> int:
    """Check, say what was found, and return 0, or 1 where a check failed."""
    if chosen.engine:
        return _try_engine()
    from deskpay.app.doctor import State

    found = asyncio.run(_examined(training=chosen.training))
    ok = all(finding.state is not State.FAIL for finding in found)
    if chosen.json:
        sys.stdout.write(json.dumps({"ok": ok, "checks": [finding.as_json() for finding in found]}, indent=2) + "\n")
    else:
        for finding in found:
            sys.stdout.write(f"{finding.state.value:<5} {finding.name:<12} {finding.sentence}\n")
    return 0 if ok else 1


async def _examined(*, training: bool) -> list[Finding]:
    from deskpay.app import doctor

    of_settings, kept = doctor.settings()
    found = [doctor.program(), of_settings]
    if kept is not None:
        found += doctor.version(kept.policy)
        found += await asyncio.to_thread(doctor.journals, kept.data_folder)
    found += [await doctor.keyring(), await doctor.engine()]
    if kept is None:
        return found
    return found + (await _at_the_training_hotel() if training else [doctor.no_connection(), await doctor.inspection()])


async def _at_the_training_hotel() -> list[Finding]:
    from deskpay.app.connection import Connection
    from deskpay.app.doctor import Finding, State, hotel
    from deskpay.app.training import TrainingProcess
    from deskpay.domain.errors import HotelUnavailable
    from deskpay.settings import read_settings

    process = TrainingProcess()
    try:
        return await hotel(Connection.to(await process.ready(), lasting=False), read_settings())
    except HotelUnavailable as problem:
        return [Finding("connection", State.FAIL, f"{problem}.")]
    finally:
        await process.stop()


def _try_engine() -> int:
    from deskpay.app.loop import make_application
    from deskpay.app.loop import run as run_loop

    async def try_it() -> int:
        from deskpay.app.doctor_engine import try_engine

        finding = await try_engine()
        sys.stdout.write(json.dumps(finding.as_json()) + "\n")
        return 0

    return run_loop(make_application(), try_it)
