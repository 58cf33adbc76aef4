"""What all messages share: JSON exact to the digits of any currency, forgiving of new fields, strict about needed ones.

A list is read by pydantic-core straight from its bytes where nothing about it is special. Whatever that finds fault
with is read once more, digit by digit, and only that reading says what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StrictStr,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic.alias_generators import to_pascal
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")
R = TypeVar("R", bound=BaseModel)

Fields = Mapping[str, Any]
"""Fields of a request."""

_MAX_MAGNITUDE, _LEAST_MAGNITUDE = 18, -60
"""Powers of ten; no amount is beyond them, and an exponent of millions would take all memory to write out."""


class WireError(ValueError):
    """An answer is not what the contract says. It names the place, never the value."""


class NotJsonError(WireError):
    """An answer that is declared as JSON is none; it may have been cut off."""


def is_plausible(number: Decimal) -> bool:
    """Tell whether anybody can mean `number`."""
    return number.is_finite() and (not number or _LEAST_MAGNITUDE < number.adjusted() < _MAX_MAGNITUDE)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a number")  # noqa: TRY004 - pydantic turns only ValueError into a finding
    number = Decimal(value)
    if not is_plausible(number):
        raise ValueError("not an amount")
    return number


def _utc(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a time")  # noqa: TRY004 - as above
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time out of range") from None


def storable(text: str) -> str:
    """Return `text` without what no database or encoder takes: NULs and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


Id = Annotated[StrictStr, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
"""An id, in practice a UUID in lower case."""


class _StraightFrom:
    """Lets pydantic-core read a value straight from JSON by `schema`, and from parsed JSON as annotated.

    Args:
        schema: takes nothing that would be taken in another sense, or not at all, from parsed JSON.
    """

    def __init__(self, schema: CoreSchema) -> None:
        self._schema = schema

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.json_or_python_schema(self._schema, handler(source))


_SHORT = 1e9
"""Up to here a double has so many digits to spare that what was written is what is read, for any currency."""

Number = Annotated[Decimal, BeforeValidator(_number)]
"""A JSON number, exact."""

Sum = Annotated[
    Number,
    _StraightFrom(
        core_schema.chain_schema(
            [core_schema.float_schema(strict=True, ge=-_SHORT, le=_SHORT), core_schema.decimal_schema()]
        )
    ),
]
"""A JSON number that is an amount: exact up to the digits that a currency may have."""

Utc = Annotated[
    datetime,
    BeforeValidator(_utc),
    _StraightFrom(
        core_schema.chain_schema(
            [
                core_schema.str_schema(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z$"),
                core_schema.datetime_schema(tz_constraint="aware"),
            ]
        )
    ),
]
"""A time with its zone, with or without milliseconds, turned to UTC."""

_NO_NUL = core_schema.str_schema(strict=True, pattern=r"^[^\x00]*$")  # halves of surrogate pairs are no text there

Text = Annotated[StrictStr, AfterValidator(storable), _StraightFrom(_NO_NUL)]
"""Plain text that can be stored."""


class Row(BaseModel):
    """A JSON object of the API, its fields in the API's spelling."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, alias_generator=to_pascal, defer_build=True
    )


class IdentifiedRow(Row):
    """A row of a list."""

    id: Id


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, newest first.

    Args:
        rows: what came.
        cursor: where the next, older part begins; None at the end.
    """

    rows: Sequence[T]
    cursor: str | None


class _Cursor(Row):
    cursor: Id | None = None


class _Rows(_Cursor, Generic[R]):
    rows: list[R]


@cache
def _rows_called(name: str, model: type[R]) -> type[_Rows[R]]:
    rows: Any = GenericAlias(list, model)
    return create_model(f"{name}Answer", __base__=_Rows, rows=(rows, Field(alias=name)))


def _straight(body: bytes, name: str, model: type[R]) -> _Rows[R] | None:
    """Return an answer read straight from its bytes, None where it takes the exact reading."""
    try:
        return _rows_called(name, model).model_validate_json(body)
    except ValidationError:
        return None


def parse_json(body: bytes) -> object:
    """Return what `body` says, numbers with a point as Decimal.

    Raises:
        NotJsonError: it is no JSON.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise NotJsonError("no JSON") from None


def _no_constant(word: str) -> object:
    raise ValueError(word)


def _json_object(body: bytes) -> dict[str, object] | None:
    value = parse_json(body)
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def read(model: type[R], value: object) -> R:
    """Return `value` as a row of `model`.

    Raises:
        WireError: something needed is missing or of the wrong kind.
    """
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        places = ", ".join(".".join(str(step) for step in error["loc"]) for error in problem.errors()[:3])
    raise WireError(f"{model.__name__}: {places}")


def read_body(model: type[R], body: bytes) -> R:
    """Return `body` as a row of `model`.

    Raises:
        WireError: no JSON, or something needed is missing or of the wrong kind.
    """
    return read(model, parse_json(body))


def read_page(
    body: bytes, name: str, model: type[R], to_domain: Callable[[R], T], *, nullable: bool = False
) -> Page[T]:
    """Return the list `name` of an answer. An empty body (204) is an empty list; a missing list is an error.

    Args:
        body: the answer.
        name: field that holds the list.
        model: its rows.
        to_domain: turns a row into what it means at home.
        nullable: True where the contract lets the list be null.

    Raises:
        WireError: the answer is not what the contract says.
    """
    if not body:
        return Page((), None)
    straight = _straight(body, name, model)
    if straight is not None:
        with suppress(WireError):  # what a double makes look wrong is read digit by digit before it is called so
            return Page([to_domain(row) for row in straight.rows], straight.cursor)
    answer = _json_object(body)
    if answer is None or name not in answer:
        raise WireError(f"no {name}")
    rows = answer[name]
    if rows is None and nullable:
        rows = []
    if not isinstance(rows, list):
        raise WireError(f"{name} is no list")
    found = [to_domain(read(model, row)) for row in cast("list[object]", rows)]
    return Page(found, read(_Cursor, answer).cursor)


def encode(fields: Fields) -> bytes:
    """Return `fields` as JSON, Decimals digit by digit, everything outside ASCII escaped."""
    return _json(fields).encode("ascii")


def _json(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, object]", value).items()
        return "{" + ",".join(f"{json.dumps(name)}:{_json(part)}" for name, part in parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_json(part) for part in cast("Sequence[object]", value)) + "]"
    if value is None or isinstance(value, bool | int | str):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} has no place in a request")


def given(**fields: object) -> Fields:
    """Return the fields that say something, in the API's spelling: None, empty text and empty lists are left out.

    Source: the OpenAPI definition gives list filters at least one element.
    """
    return {to_pascal(name): value for name, value in fields.items() if value is not None and value not in ("", [], ())}


def utc_text(moment: datetime) -> str:
    """Return `moment` as the API writes it, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_DURATION = re.compile(
    r"(?P<sign>-?)P(?:0+Y)?(?:0+M)?(?:(?P<days>\d{1,3})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})(?:\.0+)?S)?)?"
)


def duration(text: str) -> timedelta:
    """Return a duration as the API writes it, such as ``P0M0DT3H0M0S`` or ``PT3H``.

    Raises:
        WireError: it is none, or one in months or years, which have no length of their own.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise WireError("a duration that is none")
    parts = {name: int(found[name] or 0) for name in ("days", "hours", "minutes", "seconds")}
    return timedelta(**parts) * (-1 if found["sign"] else 1)


_MESSAGE_LENGTH = 500


def error_message(body: bytes) -> tuple[str, str | None]:
    """Return the sentence of an error body, empty when it is none, and its request id.

    Source: Mews Connector API guidelines, "Errors": `{Message, RequestId, Details}`.
    """
    try:
        answer = _json_object(body) or {}
    except WireError:
        return "", None
    message, request_id = answer.get("Message"), answer.get("RequestId")
    if not isinstance(message, str):
        return "", None
    sentence = re.sub(r"[\x01-\x1f\x7f]+", " ", storable(message)).strip()
    fit = isinstance(request_id, str) and re.fullmatch(r"[0-9A-Za-z_-]{1,64}", request_id)
    return sentence[:_MESSAGE_LENGTH], str(request_id) if fit else None
