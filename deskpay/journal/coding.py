"""Intents and events as rows, and back without loss.

What is asked for has a column; the rest stands in `detail`, JSON in plain ASCII with a version and named keys, so that
any text of a server, even a broken one, can be kept. Times are UTC text of fixed width, which sorts as it reads. What
cannot be read back raises `ValueError`, what a newer DeskPay wrote `JournalTooNew`: it is whole, and no backup helps.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TypeVar, cast

from deskpay.domain.card import Expiry
from deskpay.domain.errors import JournalTooNew
from deskpay.domain.intent import CardSlip, Evidence, Intent, IntentEvent, IntentKind, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.journal.chain import Row

T = TypeVar("T")

DETAIL_VERSION = 3
"""Version of the keys in `detail`, as written.

1 had no `repeat_of` and no `people`, 2 had no `link` and no `terminal_id`; their rows are read for ever, as naming
nothing and nobody.
"""

_READABLE = frozenset({1, 2, DETAIL_VERSION})


def intent_row(intent: Intent, number: int) -> dict[str, object]:
    """Return the row of `intent`.

    Args:
        intent: to write.
        number: its place in the order of writing.
    """
    amount = intent.amount
    detail = {
        "version": DETAIL_VERSION,
        "customer_name": intent.customer_name,
        "subject": intent.subject,
        "credit_card_id": intent.credit_card_id,
        "reservation_id": intent.reservation_id,
        "bill_id": intent.bill_id,
        "accounting_category_id": intent.accounting_category_id,
        "tender": intent.tender,
        "external_identifier": intent.external_identifier,
        "slip": _slip_detail(intent.slip),
        "link": _link_detail(intent.link),
        "terminal_id": intent.terminal_id,
        "note": intent.note,
        "reason": intent.reason,
        "repeat_of": sorted(intent.repeat_of),
        "baseline": sorted(intent.baseline),
    }
    return {
        "number": number,
        "id": intent.id,
        "reference": intent.reference,
        "kind": intent.kind.value,
        "enterprise_id": intent.enterprise_id,
        "desk_id": intent.desk_id,
        "operator": intent.operator,
        "drafted_utc": _time_text(intent.drafted_utc),
        "customer_id": intent.customer_id,
        "amount_minor": None if amount is None else amount.minor,
        "currency": None if amount is None else amount.currency.code,
        "currency_precision": None if amount is None else amount.currency.precision,
        "payment_id": intent.payment_id,
        "detail": _packed(detail),
    }


def intent_of(row: Row) -> Intent:
    """Return the intent that `row` holds.

    Raises:
        ValueError: the row holds none.
    """
    detail = _unpacked(row)
    return Intent(
        id=_text(row, "id"),
        reference=_text(row, "reference"),
        kind=IntentKind(_text(row, "kind")),
        enterprise_id=_text(row, "enterprise_id"),
        desk_id=_text(row, "desk_id"),
        operator=_text(row, "operator"),
        drafted_utc=_time(_text(row, "drafted_utc")),
        customer_id=_text(row, "customer_id"),
        customer_name=_text(detail, "customer_name"),
        subject=_text(detail, "subject"),
        amount=_amount(row),
        credit_card_id=_optional_text(detail, "credit_card_id"),
        reservation_id=_optional_text(detail, "reservation_id"),
        bill_id=_optional_text(detail, "bill_id"),
        payment_id=_optional_text(row, "payment_id"),
        accounting_category_id=_optional_text(detail, "accounting_category_id"),
        tender=_text(detail, "tender"),
        external_identifier=_text(detail, "external_identifier"),
        slip=_slip(detail),
        link=_link(detail),
        terminal_id=_optional_text(detail, "terminal_id"),
        note=_text(detail, "note"),
        reason=_text(detail, "reason"),
        repeat_of=_texts(detail, "repeat_of") if _has_people(detail) else frozenset(),
        baseline=_texts(detail, "baseline"),
    )


def event_row(event: IntentEvent, intent_id: str, number: int) -> dict[str, object]:
    """Return the row of `event`, without its digest.

    Args:
        event: to write.
        intent_id: whose story it belongs to.
        number: its place in the order of writing.
    """
    return {
        "number": number,
        "intent_id": intent_id,
        "state": event.state.value,
        "at_utc": _time_text(event.at_utc),
        "evidence": event.evidence.value,
        "outcome_id": event.outcome_id,
        "request_id": event.request_id,
        "detail": _packed({"version": DETAIL_VERSION, "message": event.message, "people": list(event.people)}),
    }


def event_of(row: Row) -> IntentEvent:
    """Return the event that `row` holds.

    Raises:
        ValueError: the row holds none.
    """
    detail = _unpacked(row)
    return IntentEvent(
        state=IntentState(_text(row, "state")),
        at_utc=_time(_text(row, "at_utc")),
        evidence=Evidence(_text(row, "evidence")),
        outcome_id=_optional_text(row, "outcome_id"),
        request_id=_optional_text(row, "request_id"),
        message=_text(detail, "message"),
        people=_names(detail, "people") if _has_people(detail) else (),
    )


def _time_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be kept")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() != UTC.utcoffset(None):
        raise ValueError(f"not a UTC time: {text}")
    return moment


def _packed(detail: Row) -> str:
    return json.dumps(detail, sort_keys=True, separators=(",", ":"))


def _unpacked(row: Row) -> Row:
    detail = _object(json.loads(_text(row, "detail")), "detail")
    version = detail.get("version")
    if isinstance(version, int) and version > DETAIL_VERSION:
        raise JournalTooNew(f"a row has version {version} of detail, this DeskPay knows {DETAIL_VERSION}")
    if version not in _READABLE:
        raise ValueError(f"unknown version of detail: {version}")
    return detail


def _is(kind: type[T], value: object, name: str) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"{name} is no {kind.__name__}")  # noqa: TRY004 - all that cannot be read back is one error
    return value


def _text(row: Row, name: str) -> str:
    return _is(str, row.get(name), name)


def _optional_text(row: Row, name: str) -> str | None:
    return None if row.get(name) is None else _text(row, name)


def _number(row: Row, name: str) -> int:
    return _is(int, row.get(name), name)


def _object(value: object, name: str) -> Row:
    return cast("Row", _is(dict, value, name))


def _has_people(detail: Row) -> bool:
    """Tell whether the keys of version 2 have to be there."""
    return detail["version"] != 1


def _names(row: Row, name: str) -> tuple[str, ...]:
    return tuple(_is(str, item, name) for item in cast("list[object]", _is(list, row.get(name), name)))


def _texts(row: Row, name: str) -> frozenset[str]:
    return frozenset(_names(row, name))


def _amount(row: Row) -> Money | None:
    if row.get("amount_minor") is None:
        return None
    currency = Currency(_text(row, "currency"), _number(row, "currency_precision"))
    return Money(_number(row, "amount_minor"), currency)


def _slip(detail: Row) -> CardSlip | None:
    if detail.get("slip") is None:
        return None
    slip = _object(detail["slip"], "slip")
    return CardSlip(
        brand=_text(slip, "brand"),
        last_four=_text(slip, "last_four"),
        holder=_text(slip, "holder"),
        expiry=None if slip.get("year") is None else Expiry(_number(slip, "year"), _number(slip, "month")),
    )


def _slip_detail(slip: CardSlip | None) -> dict[str, object] | None:
    if slip is None:
        return None
    detail: dict[str, object] = {"brand": slip.brand, "last_four": slip.last_four, "holder": slip.holder}
    if slip.expiry is not None:
        detail |= {"year": slip.expiry.year, "month": slip.expiry.month}
    return detail


def _link(detail: Row) -> LinkTerms | None:
    if detail.get("link") is None:
        return None
    link = _object(detail["link"], "link")
    return LinkTerms(
        reason=PayReason(_text(link, "reason")),
        expires_utc=_time(_text(link, "expires_utc")),
        description=_text(link, "description"),
        by_email=_is(bool, link.get("by_email"), "by_email"),
        language=_text(link, "language"),
    )


def _link_detail(link: LinkTerms | None) -> dict[str, object] | None:
    if link is None:
        return None
    return {
        "reason": link.reason.value,
        "expires_utc": _time_text(link.expires_utc),
        "description": link.description,
        "by_email": link.by_email,
        "language": link.language,
    }
