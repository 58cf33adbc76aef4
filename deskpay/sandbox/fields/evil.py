"""A vault that has turned against the desk, and the trap for what gets through to somebody else.

Whoever may change what the vault serves is the strongest attacker that a card pane can meet: the vault's script runs in
the host page, its frames hold what is typed. The control API alone makes it turn, one attack at a time; what they try
stands in ``page/evil.js``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

FILE_PATH = "/upp/payment/evil.sh"
"""What an evil page would have downloaded from the vault itself."""

ATTACKS = frozenset({"navigation", "leaving", "popup", "download", "permission", "foreign", "scheme"})

_NO_STORE = {"Cache-Control": "no-store"}
_SCRIPT = Path(__file__).parent / "page" / "evil.js"


@dataclass(slots=True)
class Evil:
    """What the vault is up to.

    Attributes:
        attack: one of `ATTACKS`; empty while the vault is honest.
        trap: address of the trap, on another host than the vault's.
        caught: what reached the trap, as ``METHOD path``.
    """

    attack: str = ""
    trap: str = ""
    caught: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Be honest again, and empty the trap."""
        self.attack, self.trap = "", ""
        self.caught.clear()

    def script(self, vault: str, frame_path: str) -> Response:
        """Return what is served in the place of the vault's script.

        Args:
            vault: origin of the vault.
            frame_path: where its frames are.
        """
        return Response(self._code(vault, frame_path), media_type="text/javascript", headers=_NO_STORE)

    def frame(self, vault: str, frame_path: str) -> Response:
        """Return what is served in the place of a field's frame; nothing keeps it from what it likes."""
        code = self._code(vault, frame_path)
        return HTMLResponse(f"<!doctype html><body><input autofocus><script>{code}</script>", headers=_NO_STORE)

    def file(self) -> Response:
        """Return the file that nobody asked for."""
        return Response("#!/bin/sh\n", headers={**_NO_STORE, "Content-Disposition": 'attachment; filename="evil.sh"'})

    async def catch(self, request: Request) -> Response:
        """Write down what reached the trap, and let every browser have the answer."""
        self.caught.append(f"{request.method} {request.path_params['what']}")
        return Response("/* evil */", headers={**_NO_STORE, "Access-Control-Allow-Origin": "*"})

    def _code(self, vault: str, frame_path: str) -> str:
        told = {"attack": self.attack, "trap": self.trap, "vault": vault, "frame": frame_path, "file": FILE_PATH}
        return f"{_SCRIPT.read_text(encoding='utf-8').rstrip()}({json.dumps(told)});"
