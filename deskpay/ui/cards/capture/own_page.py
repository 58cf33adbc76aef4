"""The page of card fields of our own, for an acquirer that offers none.

Number and code are typed into this page and go from its process straight to the acquirer, with the public key: the one
address that the page may speak to. Source: PayMongo, "Payment Method resource", made from the client's side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.cards.capture.host_page import HostPage, RenderPage, filled_page
from deskpay.ui.cards.capture.origin import PayHost

METHOD_REFERENCE = "pm_[0-9A-Za-z]{1,60}"
"""Of the ids of payment methods."""


@dataclass(frozen=True, slots=True)
class OwnFields:
    """Card fields of our own.

    Args:
        root: path before the interface's own, empty outside training.
        code_call: how the code of a saved card is sent anew.
    """

    root: str
    code_call: CodeCall

    def of(self, card_id: str = "") -> RenderPage:
        """Return what renders the page that asks for a new card, or for the code of the saved card `card_id` alone."""

        def make(
            pay: PayHost, public_key: str, *, look: Mapping[str, str], words: Mapping[str, str], language: str
        ) -> HostPage:
            api = f"{pay.origin}{self.root}"
            setup = {
                "api": api,
                "publicKey": public_key,
                "cardId": card_id,
                "codeCall": self.code_call.value,
            }
            allowed = {"connect-src": f"{api}/v1/payment_methods {api}/v1/payment_methods/"}
            return filled_page(
                "own.js", setup, allowed, look=look, words=words, language=language, references=METHOD_REFERENCE
            )

        return make
