"""The host page of the card fields: its text, its nonces and its content security policy. One load, one of these."""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Protocol

from deskpay.ui.assets import read_resource
from deskpay.ui.cards.capture.origin import PayHost

PAGE_URL = "deskpay://capture/"
"""Where the page lives; its origin, `deskpay://capture`, is what the vault's frames see as their parent."""

VAULT_REFERENCE = "[0-9]{18}"
"""Of the vault's transaction ids."""

_NOTHING = "'none'"

_NONCE_BYTES = 24  # 32 URL-safe characters


@dataclass(frozen=True, slots=True)
class HostPage:
    """One load of the page.

    Args:
        body: the page's HTML, in UTF-8.
        policy: its Content-Security-Policy.
        return_nonce: what the page's messages must carry.
        references: pattern of the id that it tells of a card.
    """

    body: bytes = field(repr=False)
    policy: str = field(repr=False)
    return_nonce: str = field(repr=False)
    references: str = VAULT_REFERENCE


class RenderPage(Protocol):
    """Renders one load of a card page, with fresh nonces."""

    def __call__(
        self, pay: PayHost, public_key: str, *, look: Mapping[str, str], words: Mapping[str, str], language: str
    ) -> HostPage:
        """Return the page; arguments as for `render_host_page`."""
        ...


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
    allowed = {"script-src": pay.origin, "frame-src": pay.origin}
    setup = {"pay": pay.origin, "publicKey": public_key}
    return filled_page("page.js", setup, allowed, look=look, words=words, language=language)


def filled_page(
    script: str,
    setup: Mapping[str, str],
    allowed: Mapping[str, str],
    *,
    look: Mapping[str, str],
    words: Mapping[str, str],
    language: str,
    references: str = VAULT_REFERENCE,
) -> HostPage:
    """Return a page that runs `script` of the resources, with fresh nonces.

    Args:
        script: its name.
        setup: what the script is told beside looks and words.
        allowed: sources by directive of the content security policy; everything else stays forbidden.
        look: as for `render_host_page`.
        words: as for `render_host_page`.
        language: as for `render_host_page`.
        references: pattern of the id that it tells of a card.
    """
    # Hexadecimal, because the engine lowers the case of a custom scheme's headers (measured with Qt 6.11.3).
    script_nonce = secrets.token_hex(_NONCE_BYTES)
    return_nonce = secrets.token_urlsafe(_NONCE_BYTES)
    told = {
        **setup,
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
        script=read_resource("card_entry", "channel.js") + read_resource("card_entry", script),
        # A "<" of a translation or key must not end the block it stands in.
        setup=json.dumps(told).replace("<", "\\u003c"),
    )
    return HostPage(page.encode(), _policy(allowed, script_nonce), return_nonce, references)


def _policy(allowed: Mapping[str, str], nonce: str) -> str:
    # The frames are sized by the page's own style sheet, so no inline style attribute has to be allowed.
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' {allowed.get('script-src', '')}".strip(),
            f"frame-src {allowed.get('frame-src', _NOTHING)}",
            f"style-src 'nonce-{nonce}'",
            f"connect-src {allowed.get('connect-src', _NOTHING)}",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
