"""The web engine tried for once: a page of our own, off the record, in the sandbox that cards are typed in.

Chromium ends the whole process where its sandbox cannot start, so `deskpay doctor` runs this in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    qWebEngineChromiumSecurityPatchVersion,
    qWebEngineChromiumVersion,
)

from deskpay.app.doctor import Finding, State
from deskpay.ui.cards.capture.environment import SANDBOX_VARIABLE, UnsafeEngine, require_safe_engine

_PATIENCE_S = 60
_NAME = "engine"

# Without any font a page loads as if all were well, and shows no letter. The page tells how wide a word came out.
_PAGE = """<!doctype html><title>0</title><span id="word">DeskPay</span>
<script>document.title = String(Math.round(document.getElementById("word").getBoundingClientRect().width))</script>"""


async def try_engine() -> Finding:
    """Show a page and tell what came of it."""
    try:
        require_safe_engine(live=False)
    except UnsafeEngine as problem:
        return Finding(_NAME, State.FAIL, f"No card can be added: {problem}. Run DeskPay as an ordinary user.")
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    try:
        return await _shown(page)
    finally:
        # A profile must never go before its page.
        page.deleteLater()
        page.destroyed.connect(profile.deleteLater)
        await asyncio.sleep(0)


async def _shown(page: QWebEnginePage) -> Finding:
    loaded = asyncio.get_running_loop().create_future()

    def end(ok: bool) -> None:
        if not loaded.done():
            loaded.set_result(ok)

    page.loadFinished.connect(end)
    page.renderProcessTerminated.connect(lambda *_: end(ok=False))
    page.load(QUrl(f"data:text/html;charset=utf-8,{quote(_PAGE)}"))
    async with asyncio.timeout(_PATIENCE_S):
        ok = await loaded
    if not ok:
        return Finding(_NAME, State.FAIL, "The web engine shows no page; no card can be added.")
    if page.title() in {"", "0"}:
        return Finding(_NAME, State.FAIL, "The web engine finds no font to write with. Install one, such as DejaVu.")
    # Qt's own stub takes these texts for bytes.
    base: object = qWebEngineChromiumVersion()
    fixes: object = qWebEngineChromiumSecurityPatchVersion()
    words = f"The web engine shows pages: Chromium {base} with fixes up to {fixes}"
    if SANDBOX_VARIABLE in os.environ:
        return Finding(_NAME, State.WARN, f"{words}. Its sandbox is off, for root outside released builds.")
    sandboxed = _is_sandboxed(page.renderProcessPid())
    if sandboxed is False:
        return Finding(_NAME, State.FAIL, f"{words}, but not in its sandbox; no card may be typed there.")
    told = ", in its own sandbox" if sandboxed else ""
    return Finding(_NAME, State.OK, f"{words}{told}.")


def _is_sandboxed(process: int) -> bool | None:
    """Tell whether the kernel filters the calls of the process that holds the page; None where it cannot be asked.

    Source: proc(5), status: Seccomp is 2 for a process with a filter.
    """
    if not sys.platform.startswith("linux"):
        return None
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return "Seccomp:\t2" in lines
