"""What all messages of PayMongo share: the envelope, whole centavos, and error bodies.

Source: PayMongo's API reference; what is not settled there is tolerated both ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from deskpay.domain.card import Expiry
from deskpay.domain.money import Currency, Money
from deskpay.gateways.mews.wire.base import Fields, Page, WireError, encode, parse_json, read, storable

T = TypeVar("T")
R = TypeVar("R", bound="Thing")

PESO = Currency("PHP", 2)
"""Source: PayMongo, "Payment intents": amounts are whole centavos."""

_MESSAGE_LENGTH = 500


def _moment(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a time")  # noqa: TRY004 - pydantic turns only ValueError into a finding
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise ValueError("a time out of range") from None


Id = Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z_]{1,64}$")]
"""A prefix that tells the kind, and letters and digits."""

Seconds = Annotated[datetime, BeforeValidator(_moment)]
"""Whole seconds since 1970."""

Centavos = Annotated[StrictInt, Field(ge=0, le=10**15)]
"""An amount in the smallest unit."""


class Thing(BaseModel):
    """A JSON object; members that are not known are ignored, for new ones appear over time."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Resource(Thing):
    """What stands under ``data``: an id and attributes, or, in the newer family, all of it side by side."""

    id: Id


def body_of(attributes: Fields) -> bytes:
    """Return the body of a request."""
    return encode({"data": {"attributes": attributes}})


def read_one(model: type[R], body: bytes) -> R:
    """Return the object of an answer, its attributes beside its id.

    Raises:
        WireError: no JSON, or something needed is missing or of the wrong kind.
    """
    return read_resource(model, _data(body))


def read_many(model: type[R], body: bytes, to_domain: Callable[[R], T | None]) -> Page[T]:
    """Return the list of an answer, newest first, and the id where the next page begins.

    Args:
        model: its objects.
        body: the answer.
        to_domain: turns one into what it means at home; None leaves it out.

    Raises:
        WireError: the answer is not what the contract says.
    """
    rows = _data(body)
    if not isinstance(rows, list):
        raise WireError("data is no list")
    listed = cast("list[object]", rows)
    found = [value for value in (to_domain(read_resource(model, row)) for row in listed) if value is not None]
    if not _more(body):
        return Page(found, None)
    if not listed:
        raise WireError("a page with nothing on it is followed by more")
    return Page(found, read_resource(Resource, listed[-1]).id)


def read_resource(model: type[R], value: object) -> R:
    """Return one object of an answer, its attributes beside its id.

    Raises:
        WireError: something needed is missing or of the wrong kind.
    """
    if not isinstance(value, dict):
        raise WireError(f"{model.__name__}: no object")
    told = cast("dict[str, Any]", value)
    attributes = told.get("attributes")
    flat = {**told, **cast("dict[str, Any]", attributes)} if isinstance(attributes, dict) else told
    return read(model, flat)


def _data(body: bytes) -> object:
    answer = parse_json(body)
    if not isinstance(answer, dict) or "data" not in answer:
        raise WireError("no data")
    return cast("dict[str, object]", answer)["data"]


def _more(body: bytes) -> bool:
    return cast("dict[str, object]", parse_json(body)).get("has_more") is True


def money(centavos: int, currency: str) -> Money:
    """Return an amount at home.

    Raises:
        WireError: another currency than the peso.
    """
    if currency.upper() != PESO.code:
        raise WireError("not in pesos")
    return Money(centavos, PESO)


def expiry(month: int | None, year: int | None) -> Expiry | None:
    """Return the expiry of a card, None where it is not told; years come as they were sent, with two digits or four."""
    if month is None or year is None:
        return None
    try:
        return Expiry(year + 2000 if year < 100 else year, month)
    except ValueError:
        raise WireError("not an expiry") from None


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of an error body.

    Args:
        code: what is wrong.
        reason: why a card was declined; empty otherwise.
        sentence: for people, plain text from outside.
    """

    code: str
    reason: str
    sentence: str


def problems(body: bytes) -> tuple[Problem, ...]:
    """Return the entries of an error body, none where it is none.

    Source: PayMongo, "Errors": `{errors: [{code, detail, sub_code?, source?}]}`, several at a time.
    """
    try:
        answer = parse_json(body)
    except WireError:
        return ()
    told = cast("dict[str, object]", answer).get("errors") if isinstance(answer, dict) else None
    entries = cast("list[object]", told) if isinstance(told, list) else []
    return tuple(_problem(cast("dict[str, object]", entry)) for entry in entries if isinstance(entry, dict))


def _problem(entry: Mapping[str, object]) -> Problem:
    return Problem(_word(entry.get("code")), _word(entry.get("sub_code")), _sentence(entry.get("detail")))


def _word(value: object) -> str:
    return value if isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,64}", value) else ""


def _sentence(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return re.sub(r"[\x01-\x1f\x7f]+", " ", storable(value)).strip()[:_MESSAGE_LENGTH]
