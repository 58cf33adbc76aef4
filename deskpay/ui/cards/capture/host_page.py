"""The host page of the card fields: its text, its nonces and its content security policy. One load, one of these."""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template

from deskpay.ui.assets import read_resource
from deskpay.ui.cards.capture.origin import PayHost

PAGE_URL = "deskpay://capture/"
"""Where the page lives; its origin, `deskpay://capture`, is what the vault's frames see as their parent."""

_NONCE_BYTES = 24  # 32 URL-safe characters


@dataclass(frozen=True, slots=True)
class HostPage:
    """One load of the page.

    Args:
        body: the page's HTML, in UTF-8.
        policy: its Content-Security-Policy.
        return_nonce: what the page's messages must carry.
    """

    body: bytes = field(repr=False)
    policy: str = field(repr=False)
    return_nonce: str = field(repr=False)


def render_host_page(
    pay: PayHost, public_key: str, *, look: Mapping[str, str], words: Mapping[str, str], language: str
) -> HostPage:
    """Return a page with fresh nonces.

    Args:
        pay: the vault whose script and frames the page may load.
        public_key: the hotel's key for the vault, as its configuration tells.
        look: colours by the names the style sheet uses.
        words: the page's texts, translated.
        language: BCP 47 tag of the texts.
    """
    # Hexadecimal, because the engine lowers the case of a custom scheme's headers (measured with Qt 6.11.3).
    script_nonce = secrets.token_hex(_NONCE_BYTES)
    return_nonce = secrets.token_urlsafe(_NONCE_BYTES)
    setup = {
        "pay": pay.origin,
        "publicKey": public_key,
        "look": dict(look),
        "words": dict(words),
        "scriptNonce": script_nonce,
        "returnNonce": return_nonce,
    }
    page = Template(read_resource("card_entry", "page.html")).substitute(
        language=html.escape(language, quote=True),
        title=html.escape(words["card"]),
        nonce=script_nonce,
        style=read_resource("card_entry", "page.css"),
        script=read_resource("card_entry", "page.js"),
        # A "<" of a translation or key must not end the block it stands in.
        setup=json.dumps(setup).replace("<", "\\u003c"),
    )
    return HostPage(page.encode(), _policy(pay, script_nonce), return_nonce)


def _policy(pay: PayHost, nonce: str) -> str:
    # The frames are sized by the page's own style sheet, so no inline style attribute has to be allowed.
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' {pay.origin}",
            f"frame-src {pay.origin}",
            f"style-src 'nonce-{nonce}'",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
