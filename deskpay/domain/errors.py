"""The errors of the desk.

::

    DeskPayError
      Refused            a definite no from the property system: nothing was done
        Declined           the card or the business rules said no, with a sentence for the clerk
        Rejected           the request was wrong or its object has changed
        Unauthorized       the token, or its right to this act
        RateLimited        too many requests
      NotSent            proof that nothing left this computer
      OutcomeUnknown     everything else after sending: it may have been done
      HotelUnavailable   a read had no usable answer; nothing was at stake
        NotMews            what answered is no property system
        AnotherHotel       the tokens open another hotel than the one that was chosen
      InputRefused       what was typed cannot be sent; nothing was sent
      NotAllowed         the rules of the desk forbid it now; nothing was sent
        LooksRepeated      the same money seems to have been taken already
        GuestBeingChecked  an earlier act for this guest has no known outcome yet
        ReleaseRefused     people may not decide now what became of an act
        NotSignedIn        nobody is at the desk, or another person than the one who asked
        NotYourRight       the operator's role does not allow it
        NeedsApproval      it goes beyond what the operator may do alone
        FixedByPolicy      the policy of this computer does not allow it
        SignInRefused      the PIN or password does not prove who somebody is, or they may not approve this
      JournalError       the local record
        JournalUnavailable   locked, full or unreadable: this machine's fault
          JournalInUse         another DeskPay has it open
            DeskInUse          another DeskPay has this desk's name
          JournalAway          its server cannot be reached, perhaps for a moment
        JournalCorrupt       its contents contradict themselves
        JournalTooNew        written by a newer DeskPay
      KeyringUnavailable the system's keyring is locked or does not answer
      HeadNotKept        the head of a journal cannot be kept elsewhere, or read there
      SettingsUnusable   the settings file of this desk cannot be read or written
      UserCancelled      the clerk left a dialog

Errors carry the operation and the Request-Id, never bodies or tokens. The words for the clerk live in the interface,
which has a sentence and a remedy for every class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from deskpay.domain.money import Money

if TYPE_CHECKING:
    from deskpay.domain.operator import Need, Right


class DeskPayError(Exception):
    """Anything that keeps the desk from doing what was asked.

    Args:
        detail: for the log and for support, in English; never shown alone.
        operation: the API operation, such as ``creditCards/charge``; empty where there is none.
        request_id: the property system's id of the request, for support.
        server_message: the property system's own sentence, plain text from outside: show it as such.
        code: an acquirer's own word for what is wrong; empty where it has none.
    """

    def __init__(
        self,
        detail: str = "",
        *,
        operation: str = "",
        request_id: str | None = None,
        server_message: str | None = None,
        code: str = "",
    ) -> None:
        super().__init__(detail or type(self).__name__)
        self.code = code
        self.detail = detail
        self.operation = operation
        self.request_id = request_id
        self.server_message = server_message


class Refused(DeskPayError):
    """A definite no: the property system answered and did nothing."""


class Declined(Refused):
    """The card or a business rule said no (403)."""


class Rejected(Refused):
    """The request was malformed, stale or unknown (400, 404, 410, 413)."""


class Unauthorized(Refused):
    """The token is wrong, switched off, or lacks the right (401)."""


class RateLimited(Refused):
    """Too many requests (429).

    Args:
        detail: as for every error.
        retry_after_s: seconds to wait, None when the server did not say.
        operation: as for every error.
        request_id: as for every error.
        server_message: as for every error.
    """

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after_s: float | None = None,
        operation: str = "",
        request_id: str | None = None,
        server_message: str | None = None,
    ) -> None:
        super().__init__(detail, operation=operation, request_id=request_id, server_message=server_message)
        self.retry_after_s = retry_after_s


class NotSent(DeskPayError):
    """Proof that no byte of the request left this computer."""


class OutcomeUnknown(DeskPayError):
    """The request may have left and may have been carried out."""


class HotelUnavailable(DeskPayError):
    """A read brought no usable answer."""


class AnotherHotel(HotelUnavailable):
    """The tokens open another hotel than the one that was chosen.

    Args:
        name: of the hotel that answered.
    """

    def __init__(self, name: str) -> None:
        super().__init__("the tokens open another hotel")
        self.name = name


class NotMews(HotelUnavailable):
    """Something answered, but not the Connector API: a web page, another program, a wrong path."""


class Field(Enum):
    """A place where the clerk typed something."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    CARD = "card"
    NOTE = "note"
    REASON = "reason"
    RECEIPT = "receipt"
    LAST_FOUR = "last_four"
    HOLDER = "holder"
    EXPIRY = "expiry"
    TENDER = "tender"
    PAYMENT = "payment"
    BILL = "bill"
    EMAIL = "email"
    UNTIL = "until"
    CLIENT_TOKEN = "client_token"  # noqa: S105 - the name of a field
    ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a field
    SECRET_KEY = "secret_key"  # noqa: S105 - the name of a field
    PUBLIC_KEY = "public_key"
    ADDRESS = "address"
    VAULT_ADDRESS = "vault_address"
    NAME = "name"
    SEARCH = "search"
    FILTER = "filter"
    SECRET = "secret"  # noqa: S105 - the name of a field
    SETTING = "setting"
    LIMIT = "limit"
    ACCOUNT = "account"


class InputProblem(Enum):
    """What is wrong with it."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    ZERO = "zero"
    NEGATIVE = "negative"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"
    MORE_THAN_LEFT = "more_than_left"
    NOT_TAKEN = "not_taken"
    CARD_NUMBER = "card_number"
    TOO_LONG = "too_long"
    BAD_FORM = "bad_form"
    PAST = "past"
    DISABLED = "disabled"
    EXPIRED = "expired"
    TERMINAL = "terminal"
    RECORDED = "recorded"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"
    CHANGED = "changed"
    UNFINISHED = "unfinished"
    TOO_SHORT = "too_short"
    GUESSED = "guessed"
    TAKEN = "taken"
    NOT_EQUAL = "not_equal"
    OTHER_KEY = "other_key"
    OTHER_MODE = "other_mode"
    TOO_SMALL = "too_small"
    NOT_GRANTED = "not_granted"


class InputRefused(DeskPayError):
    """What was typed cannot be sent.

    Args:
        field: where.
        problem: what is wrong.
    """

    def __init__(self, field: Field, problem: InputProblem) -> None:
        super().__init__(f"{field.value}: {problem.value}")
        self.field = field
        self.problem = problem


class NotAllowed(DeskPayError):
    """The rules of the desk forbid this now."""


class Hand(Enum):
    """Who made a payment, or what."""

    DESKPAY = "deskpay"
    COLLEAGUE = "colleague"
    AUTOMATION = "automation"
    LINK = "link"
    GUEST = "guest"
    TERMINAL = "terminal"
    CHANNEL = "channel"
    PROGRAM = "program"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Repeat:
    """What makes a charge look like one that was made already.

    Args:
        payment_id: the payment found, or the request to pay.
        reference: our reference in it; empty when it was made elsewhere.
        minutes_ago: its age in whole minutes.
        amount: how much it is; None where that was not kept.
        hand: who made it.
        operator: the person at this desk who made it, where our journal knows.
        open_request: True for a request that the guest may still pay by.
        final: False while its money is still under way.
        same_guest: False where another guest of the same stay paid.
    """

    payment_id: str
    reference: str
    minutes_ago: int
    amount: Money | None = None
    hand: Hand = Hand.UNTOLD
    operator: str = ""
    open_request: bool = False
    final: bool = True
    same_guest: bool = True


class LooksRepeated(NotAllowed):
    """Money like this was found; a person must look at each of the findings and say that this is another payment.

    Args:
        repeat: the newest.
        older: the others, newest first.
    """

    def __init__(self, repeat: Repeat, older: Iterable[Repeat] = ()) -> None:
        super().__init__(f"looks like payment {repeat.payment_id}")
        self.repeat = repeat
        self.repeats = (repeat, *older)


class GuestBeingChecked(NotAllowed):
    """An earlier act for this guest has no known outcome yet.

    Args:
        reference: the reference of that act.
    """

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} is not resolved")
        self.reference = reference


class ReleaseProblem(Enum):
    """Why people may not decide."""

    NEEDS_SUPERVISOR = "needs_supervisor"
    NEEDS_TWO = "needs_two"
    NOT_LOOKED = "not_looked"
    TOO_EARLY = "too_early"
    FOUND = "found"
    CHANGED = "changed"
    NOT_OPEN = "not_open"


class ReleaseRefused(NotAllowed):
    """People may not decide now what became of an act.

    Args:
        problem: why not.
    """

    def __init__(self, problem: ReleaseProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class NotSignedIn(NotAllowed):
    """Nobody is at the desk, or another person than the one who began the act."""


class NotYourRight(NotAllowed):
    """The operator's role does not have this right at all.

    Args:
        right: which.
    """

    def __init__(self, right: Right) -> None:
        super().__init__(right.value)
        self.right = right


class NeedsApproval(NotAllowed):
    """The act goes beyond what the operator may do alone.

    Args:
        need: what a second person is to approve.
        limit: the most that the operator may do alone; None where no amount would do.
    """

    def __init__(self, need: Need, limit: Money | None) -> None:
        super().__init__(need.reference)
        self.need = need
        self.limit = limit


class FixedByPolicy(NotAllowed):
    """The policy of this computer does not allow it."""


class HeadNotKept(DeskPayError):
    """The head of a journal cannot be kept in the folder for it, or read there."""


class SettingsUnusable(DeskPayError):
    """The settings file of this desk cannot be read or written."""


class SignInProblem(Enum):
    """Why somebody is not taken for who they say they are, or may not approve."""

    WRONG = "wrong"
    LOCKED = "locked"
    GONE = "gone"
    OWN = "own"
    NOT_ENTITLED = "not_entitled"
    EXPIRED = "expired"


class SignInRefused(NotAllowed):
    """A PIN or password does not prove who somebody is, or they may not approve this.

    Args:
        problem: why.
        tries_left: how many wrong ones more lock the account; 0 where that does not matter.
        until_utc: when a locked account opens again.
    """

    def __init__(self, problem: SignInProblem, tries_left: int = 0, until_utc: datetime | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.tries_left = tries_left
        self.until_utc = until_utc


class JournalError(DeskPayError):
    """The local record cannot be relied on."""


class JournalUnavailable(JournalError):
    """The journal is locked, its disk is full or it cannot be read."""


class JournalInUse(JournalUnavailable):
    """Another DeskPay has the journal open for writing."""


class DeskInUse(JournalInUse):
    """Another DeskPay writes in this desk's name to the journal that the desks share."""


class JournalAway(JournalUnavailable):
    """The server of a shared journal cannot be reached or does not do its work; it may come back by itself."""


class JournalCorrupt(JournalError):
    """The journal contradicts itself."""


class JournalTooNew(JournalError):
    """The journal was written by a newer DeskPay."""


class KeyringUnavailable(DeskPayError):
    """The operating system's keyring is locked or does not answer."""


class UserCancelled(DeskPayError):
    """The clerk left a dialog without an answer."""
