"""What the clerk reads when something does not work: one sentence and one remedy for every error there is.

Two tables hold every word. `CLASSES` has each class of the error tree: what happened and whether money moved, then what
to do. `INPUTS` has what is wrong with something typed; `FIELDS` overrides it where a field needs its own sentence.
A sentence is looked up in the nearest class above when its own class is missing, and a test fails when one is.

An error that reaches a clerk through these words concerns an act that did not begin, or a reading. What became of an
act that began is told by the outcome dialog alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from deskpay.domain import errors
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
    LooksRepeated,
    ReleaseProblem,
    ReleaseRefused,
    SignInProblem,
    SignInRefused,
)

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
        """Mark `text` for translation and return it; Qt's own stub says that it returns any object."""
        ...

else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP

MAX_QUOTE = 300
"""Characters of a sentence from outside that are shown; the rest may be anything."""

_CONTEXT = "Errors"


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What to show of an error, all of it plain text.

    Args:
        sentence: what happened, and whether money moved.
        remedy: what to do; may be empty where the sentence says it.
        support: what support needs to find it, such as the Request-Id; may be empty.
    """

    sentence: str
    remedy: str = ""
    support: str = ""

    @property
    def text(self) -> str:
        """Everything behind the sentence, as one paragraph."""
        return " ".join(part for part in (self.remedy, self.support) if part)


CLASSES: Mapping[type[DeskPayError], tuple[str, str]] = {
    DeskPayError: (
        QT_TRANSLATE_NOOP("Errors", "DeskPay could not do this."),
        QT_TRANSLATE_NOOP("Errors", "Nothing was sent. Try again; if it happens again, tell your hotel's IT."),
    ),
    errors.Refused: (
        QT_TRANSLATE_NOOP("Errors", "Mews refused this, and did nothing."),
        QT_TRANSLATE_NOOP("Errors", "Look at the guest in Mews, then try again."),
    ),
    errors.Declined: (
        QT_TRANSLATE_NOOP("Errors", "Mews declined this. Nothing was taken."),
        QT_TRANSLATE_NOOP("Errors", "Ask the guest for another card, or look in Mews."),
    ),
    errors.Rejected: (
        QT_TRANSLATE_NOOP("Errors", "Mews could not accept this, and did nothing."),
        QT_TRANSLATE_NOOP("Errors", "The guest's file may have changed. Press F5 to read it again, then try again."),
    ),
    errors.Unauthorized: (
        QT_TRANSLATE_NOOP("Errors", "Mews does not let DeskPay do this. Nothing was done."),
        QT_TRANSLATE_NOOP("Errors", "Ask your hotel's IT to check the connection and its rights in Mews."),
    ),
    errors.RateLimited: (
        QT_TRANSLATE_NOOP("Errors", "Mews is too busy to answer. Nothing was done."),
        QT_TRANSLATE_NOOP("Errors", "Wait a moment, then try again."),
    ),
    errors.NotSent: (
        QT_TRANSLATE_NOOP("Errors", "The request never left this computer. No money moved."),
        QT_TRANSLATE_NOOP("Errors", "Check the network, then try again."),
    ),
    errors.OutcomeUnknown: (
        QT_TRANSLATE_NOOP("Errors", "No answer from Mews. It is not known whether this was done."),
        QT_TRANSLATE_NOOP("Errors", "Don't take this money again, by card, cash or link. DeskPay goes on checking."),
    ),
    errors.HotelUnavailable: (
        QT_TRANSLATE_NOOP("Errors", "Mews cannot be reached. Nothing was sent, no money moved."),
        QT_TRANSLATE_NOOP("Errors", "Check the network, then try again."),
    ),
    errors.NotMews: (
        QT_TRANSLATE_NOOP("Errors", "Something answered, but it is not Mews. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "A Wi-Fi sign-in page or a wrong address may be the cause. Ask your hotel's IT."),
    ),
    errors.AnotherHotel: (
        QT_TRANSLATE_NOOP("Errors", "These tokens open another hotel. Nothing was sent."),
        QT_TRANSLATE_NOOP(
            "Errors", "Use the tokens of this hotel, or set the other one up as a connection of its own."
        ),
    ),
    errors.KeyringUnavailable: (
        QT_TRANSLATE_NOOP("Errors", "The keyring of this computer is locked or does not answer. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Unlock it, then try again."),
    ),
    InputRefused: (
        QT_TRANSLATE_NOOP("Errors", "Something typed cannot be used. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Correct it, then try again."),
    ),
    errors.NotAllowed: (
        QT_TRANSLATE_NOOP("Errors", "This is not possible now. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Press F5 to read the guest again."),
    ),
    ReleaseRefused: (
        QT_TRANSLATE_NOOP("Errors", "This cannot be decided now. Nothing was changed."),
        QT_TRANSLATE_NOOP("Errors", "DeskPay goes on checking."),
    ),
    LooksRepeated: (
        QT_TRANSLATE_NOOP("Errors", "The same amount was already taken from this guest. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Take it again only if it is a second, separate payment."),
    ),
    GuestBeingChecked: (
        QT_TRANSLATE_NOOP("Errors", "{reference} of this guest is still being checked. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Wait until DeskPay knows what became of it. Don't take the money another way."),
    ),
    errors.NotSignedIn: (
        QT_TRANSLATE_NOOP("Errors", "Whoever began this is no longer at the desk. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Sign in, then begin again."),
    ),
    errors.NotYourRight: (
        QT_TRANSLATE_NOOP("Errors", "Your role does not allow this. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Ask a supervisor or a manager to sign in for it."),
    ),
    errors.NeedsApproval: (
        QT_TRANSLATE_NOOP("Errors", "A second person has to approve this. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Confirm again, and have them sign."),
    ),
    errors.FixedByPolicy: (
        QT_TRANSLATE_NOOP("Errors", "The policy of this computer allows no other hotel. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Choose one of the hotels offered, or ask your hotel's IT."),
    ),
    errors.HeadNotKept: (
        QT_TRANSLATE_NOOP("Errors", "The head of the journal could not be kept elsewhere. Payments go on."),
        QT_TRANSLATE_NOOP("Errors", "Tell your hotel's IT that the folder for it is away."),
    ),
    errors.SettingsUnusable: (
        QT_TRANSLATE_NOOP("Errors", "The settings of this desk cannot be read or written. Nothing was changed."),
        QT_TRANSLATE_NOOP("Errors", "Ask your hotel's IT to look at the settings file of this computer."),
    ),
    errors.SignInRefused: (
        QT_TRANSLATE_NOOP("Errors", "This does not prove who it is. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Try again, or ask a manager for a new PIN."),
    ),
    errors.JournalError: (
        QT_TRANSLATE_NOOP("Errors", "DeskPay's own record cannot be written. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Payments are off on this computer. Tell your hotel's IT."),
    ),
    errors.JournalUnavailable: (
        QT_TRANSLATE_NOOP("Errors", "DeskPay's own record is locked or its disk is full. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Payments are off on this computer. Free some space, then start DeskPay again."),
    ),
    errors.JournalInUse: (
        QT_TRANSLATE_NOOP("Errors", "Another DeskPay is open on this computer for the same hotel. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Go on in the other window, or close it and connect again."),
    ),
    errors.DeskInUse: (
        QT_TRANSLATE_NOOP("Errors", "Another DeskPay is open under this desk's name. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Close it there, or give this computer a desk name of its own in the settings."),
    ),
    errors.JournalAway: (
        QT_TRANSLATE_NOOP("Errors", "The record that the desks share cannot be reached. Nothing was sent."),
        QT_TRANSLATE_NOOP(
            "Errors", "Payments go on by themselves once it is back. If it stays away, tell your hotel's IT."
        ),
    ),
    errors.JournalCorrupt: (
        QT_TRANSLATE_NOOP("Errors", "DeskPay's own record contradicts itself. Nothing was sent."),
        QT_TRANSLATE_NOOP(
            "Errors", "Payments are off on this computer. Keep the file; your hotel's IT restores it from a backup."
        ),
    ),
    errors.JournalTooNew: (
        QT_TRANSLATE_NOOP("Errors", "DeskPay's own record was written by a newer DeskPay. Nothing was sent."),
        QT_TRANSLATE_NOOP("Errors", "Install the newest DeskPay on this computer."),
    ),
    errors.UserCancelled: (
        QT_TRANSLATE_NOOP("Errors", "You left before anything was sent."),
        QT_TRANSLATE_NOOP("Errors", "Nothing was done."),
    ),
}

INPUTS: Mapping[InputProblem, str] = {
    InputProblem.EMPTY: QT_TRANSLATE_NOOP("Errors", "Something is still missing here."),
    InputProblem.NOT_A_NUMBER: QT_TRANSLATE_NOOP("Errors", "This is not a number."),
    InputProblem.ZERO: QT_TRANSLATE_NOOP("Errors", "Type more than zero."),
    InputProblem.NEGATIVE: QT_TRANSLATE_NOOP("Errors", "Type an amount without a minus sign."),
    InputProblem.TOO_MANY_DECIMALS: QT_TRANSLATE_NOOP("Errors", "This currency does not have that many decimals."),
    InputProblem.TOO_LARGE: QT_TRANSLATE_NOOP("Errors", "This is more than DeskPay moves at once. Check the figures."),
    InputProblem.MORE_THAN_LEFT: QT_TRANSLATE_NOOP("Errors", "This is more than is left to give back."),
    InputProblem.NOT_TAKEN: QT_TRANSLATE_NOOP("Errors", "The hotel does not take this."),
    InputProblem.CARD_NUMBER: QT_TRANSLATE_NOOP("Errors", "This looks like a card number. Take it out."),
    InputProblem.TOO_LONG: QT_TRANSLATE_NOOP("Errors", "This is too long. 500 characters fit."),
    InputProblem.BAD_FORM: QT_TRANSLATE_NOOP("Errors", "This cannot be read as typed."),
    InputProblem.PAST: QT_TRANSLATE_NOOP("Errors", "This date is over."),
    InputProblem.DISABLED: QT_TRANSLATE_NOOP("Errors", "This was switched off in Mews."),
    InputProblem.EXPIRED: QT_TRANSLATE_NOOP("Errors", "This has expired."),
    InputProblem.TERMINAL: QT_TRANSLATE_NOOP("Errors", "This belongs to a card terminal. Use the terminal."),
    InputProblem.RECORDED: QT_TRANSLATE_NOOP("Errors", "This is already on the books."),
    InputProblem.GONE: QT_TRANSLATE_NOOP("Errors", "This is no longer there. Press F5 to read the guest again."),
    InputProblem.NOT_ALLOWED: QT_TRANSLATE_NOOP("Errors", "This cannot be used here."),
    InputProblem.CHANGED: QT_TRANSLATE_NOOP("Errors", "This has changed meanwhile. Look at it again."),
    InputProblem.TOO_SMALL: QT_TRANSLATE_NOOP("Errors", "This is less than can be charged at once."),
    InputProblem.NOT_GRANTED: QT_TRANSLATE_NOOP("Errors", "This is not switched on for the hotel."),
    InputProblem.OTHER_KEY: QT_TRANSLATE_NOOP("Errors", "This is the other one of the two keys."),
    InputProblem.OTHER_MODE: QT_TRANSLATE_NOOP("Errors", "Test keys open test hotels, live keys live ones."),
    InputProblem.TOO_SHORT: QT_TRANSLATE_NOOP("Errors", "This is too short. A password has at least 12 characters."),
    InputProblem.GUESSED: QT_TRANSLATE_NOOP("Errors", "This PIN is guessed at once. Choose another one."),
    InputProblem.TAKEN: QT_TRANSLATE_NOOP("Errors", "This is taken already."),
    InputProblem.NOT_EQUAL: QT_TRANSLATE_NOOP("Errors", "The two are not the same."),
    InputProblem.UNFINISHED: QT_TRANSLATE_NOOP("Errors", "Something here is still under way. Wait until it ends."),
}

RELEASES: Mapping[ReleaseProblem, str] = {
    ReleaseProblem.NEEDS_SUPERVISOR: QT_TRANSLATE_NOOP(
        "Errors", "One of the two must be a supervisor, a night auditor or a manager."
    ),
    ReleaseProblem.NEEDS_TWO: QT_TRANSLATE_NOOP("Errors", "Two different people decide together."),
    ReleaseProblem.NOT_LOOKED: QT_TRANSLATE_NOOP("Errors", "Look at the guest's account in Mews first, then tick it."),
    ReleaseProblem.TOO_EARLY: QT_TRANSLATE_NOOP(
        "Errors", "It is too early to say that nothing was done: Mews must have been read for 15 minutes."
    ),
    ReleaseProblem.FOUND: QT_TRANSLATE_NOOP("Errors", "It is in Mews after all, with DeskPay's reference."),
    ReleaseProblem.CHANGED: QT_TRANSLATE_NOOP(
        "Errors", "The entries in Mews have changed meanwhile. Look at them again."
    ),
    ReleaseProblem.NOT_OPEN: QT_TRANSLATE_NOOP("Errors", "This is decided already."),
}

SIGN_INS: Mapping[SignInProblem, str] = {
    SignInProblem.WRONG: QT_TRANSLATE_NOOP("Errors", "This PIN or password is not right."),
    SignInProblem.LOCKED: QT_TRANSLATE_NOOP("Errors", "This account is locked for 30 minutes after five wrong tries."),
    SignInProblem.GONE: QT_TRANSLATE_NOOP("Errors", "This person no longer works here."),
    SignInProblem.OWN: QT_TRANSLATE_NOOP("Errors", "Nobody approves what they ask for themselves."),
    SignInProblem.NOT_ENTITLED: QT_TRANSLATE_NOOP("Errors", "This goes beyond what they may do as well."),
    SignInProblem.EXPIRED: QT_TRANSLATE_NOOP("Errors", "The approval waited too long. Sign again."),
}

FIELDS: Mapping[tuple[Field, InputProblem], str] = {
    (Field.AMOUNT, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type an amount."),
    (Field.AMOUNT, InputProblem.NOT_A_NUMBER): QT_TRANSLATE_NOOP("Errors", "This is not an amount of money."),
    (Field.AMOUNT, InputProblem.ZERO): QT_TRANSLATE_NOOP("Errors", "Type an amount above zero."),
    (Field.AMOUNT, InputProblem.NOT_TAKEN): QT_TRANSLATE_NOOP("Errors", "The hotel does not take this amount."),
    (Field.CURRENCY, InputProblem.NOT_TAKEN): QT_TRANSLATE_NOOP("Errors", "The hotel does not take this currency."),
    (Field.CARD, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Choose a card."),
    (Field.CARD, InputProblem.DISABLED): QT_TRANSLATE_NOOP("Errors", "This card was switched off. Choose another."),
    (Field.CARD, InputProblem.EXPIRED): QT_TRANSLATE_NOOP("Errors", "This card has expired. Choose another."),
    (Field.CARD, InputProblem.TERMINAL): QT_TRANSLATE_NOOP(
        "Errors", "This card was read by a terminal and cannot be charged from here. Choose another."
    ),
    (Field.CARD, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP("Errors", "This card cannot be charged. Choose another."),
    (Field.CARD, InputProblem.GONE): QT_TRANSLATE_NOOP("Errors", "This card is no longer there. Take it again."),
    (Field.CARD, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP(
        "Errors", "The card vault's answer makes no sense. Take the card again."
    ),
    (Field.CARD, InputProblem.NOT_GRANTED): QT_TRANSLATE_NOOP(
        "Errors", "PayMongo has not switched on saving cards for this hotel. Don't keep the card; charge it once."
    ),
    (Field.EMAIL, InputProblem.TAKEN): QT_TRANSLATE_NOOP(
        "Errors",
        "PayMongo knows somebody with this e-mail address. Say whether it is this guest, or don't keep the card.",
    ),
    (Field.EMAIL, InputProblem.CHANGED): QT_TRANSLATE_NOOP(
        "Errors", "PayMongo's customer has another e-mail address meanwhile. Open the form again."
    ),
    (Field.SECRET_KEY, InputProblem.OTHER_KEY): QT_TRANSLATE_NOOP(
        "Errors", "This is PayMongo's public key. The secret one begins with sk_."
    ),
    (Field.PUBLIC_KEY, InputProblem.OTHER_KEY): QT_TRANSLATE_NOOP(
        "Errors", "This is PayMongo's secret key, which no page may see. The public one begins with pk_."
    ),
    (Field.NOTE, InputProblem.CARD_NUMBER): QT_TRANSLATE_NOOP(
        "Errors", "This looks like a card number. Notes go to Mews; take it out."
    ),
    (Field.REASON, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Say why, in a few words."),
    (Field.REASON, InputProblem.CARD_NUMBER): QT_TRANSLATE_NOOP(
        "Errors", "This looks like a card number. Reasons are kept; take it out."
    ),
    (Field.RECEIPT, InputProblem.RECORDED): QT_TRANSLATE_NOOP(
        "Errors", "A payment with this number is already on the guest's account."
    ),
    (Field.LAST_FOUR, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type the last four digits from the slip."),
    (Field.LAST_FOUR, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP("Errors", "Type just the last four digits."),
    (Field.LAST_FOUR, InputProblem.CARD_NUMBER): QT_TRANSLATE_NOOP(
        "Errors", "Type just the last four digits, never the whole number."
    ),
    (Field.HOLDER, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type the name on the card."),
    (Field.EXPIRY, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type the month and year on the card."),
    (Field.EXPIRY, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP("Errors", "Type month and year, for example 04/28."),
    (Field.EXPIRY, InputProblem.PAST): QT_TRANSLATE_NOOP("Errors", "This card has expired. Ask for another."),
    (Field.TENDER, InputProblem.NOT_TAKEN): QT_TRANSLATE_NOOP(
        "Errors", "This kind of payment is not switched on for the hotel in Mews."
    ),
    (Field.PAYMENT, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Choose a payment."),
    (Field.PAYMENT, InputProblem.RECORDED): QT_TRANSLATE_NOOP(
        "Errors", "This payment was taken elsewhere. Give it back the way it came."
    ),
    (Field.PAYMENT, InputProblem.MORE_THAN_LEFT): QT_TRANSLATE_NOOP(
        "Errors", "All of this payment was given back already."
    ),
    (Field.PAYMENT, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP("Errors", "This payment cannot be given back."),
    (Field.PAYMENT, InputProblem.GONE): QT_TRANSLATE_NOOP(
        "Errors", "This payment is no longer on the account. Press F5 to read the guest again."
    ),
    (Field.BILL, InputProblem.GONE): QT_TRANSLATE_NOOP("Errors", "This bill was closed. Choose another."),
    (Field.EMAIL, InputProblem.EMPTY): QT_TRANSLATE_NOOP(
        "Errors", "The guest's profile has no e-mail address. Add one in Mews, or don't e-mail the link."
    ),
    (Field.UNTIL, InputProblem.PAST): QT_TRANSLATE_NOOP("Errors", "This moment is over. Choose a later one."),
    (Field.UNTIL, InputProblem.TOO_LARGE): QT_TRANSLATE_NOOP("Errors", "A link works for at most 90 days."),
    (Field.BILL, InputProblem.CHANGED): QT_TRANSLATE_NOOP(
        "Errors", "What is open on this bill has changed meanwhile. Look at it again."
    ),
    (Field.BILL, InputProblem.UNFINISHED): QT_TRANSLATE_NOOP(
        "Errors", "A payment on this bill is still under way. Close the bill once it has ended."
    ),
    (Field.BILL, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP(
        "Errors", "Amounts of several currencies are on this bill. Close it in Mews."
    ),
    (Field.SEARCH, InputProblem.CARD_NUMBER): QT_TRANSLATE_NOOP(
        "Errors", "This looks like a card number, so Mews was not asked. Take it out."
    ),
    (Field.NAME, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type a name."),
    (Field.NAME, InputProblem.TAKEN): QT_TRANSLATE_NOOP("Errors", "Somebody here has this name already."),
    (Field.NAME, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP(
        "Errors", "Nobody changes their own role. Ask another manager."
    ),
    (Field.SECRET, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type the PIN or password."),
    (Field.SECRET, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP("Errors", "A PIN has six digits."),
    (Field.SECRET, InputProblem.TOO_LONG): QT_TRANSLATE_NOOP("Errors", "A password has at most 128 characters."),
    (Field.ACCOUNT, InputProblem.TAKEN): QT_TRANSLATE_NOOP("Errors", "Somebody else here is known by this account."),
    (Field.SETTING, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP(
        "Errors", "This is fixed for this computer by your hotel's IT."
    ),
    (Field.SETTING, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP("Errors", "This setting does not take that."),
    (Field.SETTING, InputProblem.CARD_NUMBER): QT_TRANSLATE_NOOP(
        "Errors", "This looks like a card number. It belongs into no setting."
    ),
    (Field.LIMIT, InputProblem.NOT_ALLOWED): QT_TRANSLATE_NOOP(
        "Errors", "Nobody sets the limits of their own role. Your hotel's IT can fix them."
    ),
    (Field.CLIENT_TOKEN, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Paste the client token."),
    (Field.ACCESS_TOKEN, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Paste the access token."),
    (Field.ADDRESS, InputProblem.EMPTY): QT_TRANSLATE_NOOP("Errors", "Type the address."),
    (Field.ADDRESS, InputProblem.BAD_FORM): QT_TRANSLATE_NOOP("Errors", "This is not the address of a Mews server."),
}


def words_for(problem: DeskPayError) -> ErrorWords:
    """Return what to show of `problem`."""
    if isinstance(problem, InputRefused):
        return ErrorWords(input_words(problem))
    found = next(kind for kind in type(problem).__mro__ if kind in CLASSES)
    sentence, remedy = (_tr(text) for text in CLASSES[found])
    if isinstance(problem, ReleaseRefused):
        sentence = _tr(RELEASES[problem.problem])
    if isinstance(problem, SignInRefused):
        sentence = _tr(SIGN_INS[problem.problem])
    if isinstance(problem, GuestBeingChecked):
        sentence = sentence.format(reference=problem.reference)
    if problem.server_message:
        sentence = _tr("{sentence} Mews says: {quote}").format(sentence=sentence, quote=quoted(problem.server_message))
    support = _tr("Request-Id {id}.").format(id=problem.request_id) if problem.request_id else ""
    return ErrorWords(sentence, remedy, support)


def input_words(problem: InputRefused) -> str:
    """Return the sentence that belongs beside the field."""
    return _tr(FIELDS.get((problem.field, problem.problem), INPUTS[problem.problem]))


def quoted(outside: str) -> str:
    """Return a sentence from outside in quotation marks: one line, no control characters, at most `MAX_QUOTE` long.

    Characters that only steer how text is laid out (Unicode categories Cc and Cf) are left out: they could make a
    sentence read differently from what it says.
    """
    line = " ".join(outside.split())
    plain = "".join(letter for letter in line if unicodedata.category(letter) not in {"Cc", "Cf"})
    short = plain if len(plain) <= MAX_QUOTE else plain[: MAX_QUOTE - 1].rstrip() + "…"
    return _tr("“{words}”").format(words=short)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
