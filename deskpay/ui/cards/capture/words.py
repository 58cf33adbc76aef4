"""The pane's sentences, translated when asked for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from deskpay.ui.cards.capture.flow import CaptureFailure, FailureReason


def page_words() -> dict[str, str]:
    """Return the host page's texts by the names it uses."""
    tr = QCoreApplication.translate
    return {
        "card": tr("CapturePane", "Card"),
        "cardNumberLabel": tr("CapturePane", "Card number"),
        "cardNumberTitle": tr("CapturePane", "Card number, typed straight into the card vault"),
        "cardNumberHint": "",
        "cardNumberInvalid": tr("CapturePane", "Card number: not valid."),
        "cardNumberForeign": tr("CapturePane", "PayMongo takes Visa and Mastercard only. Ask for another card."),
        "cvvLabel": tr("CapturePane", "Security code"),
        "cvvTitle": tr("CapturePane", "Security code, typed straight into the card vault"),
        "cvvHint": tr("CapturePane", "CVC"),
        "cvvInvalid": tr("CapturePane", "Security code: not valid."),
    }


def failure_words(failure: CaptureFailure) -> str:
    """Return what happened, whether the card was saved and what to do, for the clerk."""
    tr = QCoreApplication.translate
    sentences = {
        FailureReason.UNREACHABLE: tr(
            "CapturePane", "The card vault cannot be reached. Nothing was saved. Check the network, then try again."
        ),
        FailureReason.REFUSED: tr(
            "CapturePane", "The card vault refused this card. Nothing was saved. Ask for another card."
        )
        if failure.while_submitting
        else tr("CapturePane", "The card vault refused the hotel's key. Nothing was saved. Tell your hotel's IT."),
        FailureReason.EXPIRED_FORM: tr(
            "CapturePane", "The form was open for too long. Nothing was saved. Type the card again."
        ),
        FailureReason.TIMED_OUT: tr(
            "CapturePane", "The card vault did not answer. The card was not saved in Mews. Type it again."
        ),
        FailureReason.CRASHED: tr(
            "CapturePane", "The card form closed unexpectedly. Nothing was saved. Type the card again."
        ),
        FailureReason.MALFORMED: tr(
            "CapturePane", "The card vault's answer makes no sense. Nothing was saved. Type the card again."
        ),
    }
    return sentences[failure.reason]
