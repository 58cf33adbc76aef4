"""Card terminals: which there are, orders to them, and what became of those."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.intent import Intent
from deskpay.domain.terminal import Command, CommandState, Terminal
from deskpay.gateways.mews.wire.base import Fields, Id, IdentifiedRow, Page, Row, Text, given, read_body, read_page
from deskpay.gateways.mews.wire.money import currency_value

_STATES = {
    "Processed": CommandState.PROCESSED,
    "Cancelled": CommandState.CANCELLED,
    "Error": CommandState.ERROR,
}


class _DeviceRow(IdentifiedRow):
    type: StrictStr
    name: Text


def decode_terminals(body: bytes) -> list[Terminal]:
    """Return the payment terminals of an answer of devices/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    rows = read_page(body, "Devices", _DeviceRow, lambda row: row).rows
    return [Terminal(row.id, row.name) for row in rows if row.type == "PaymentTerminal"]


def encode_order(intent: Intent) -> Fields:
    """Return the fields of commands/addPaymentTerminal. It takes no note, so no reference goes along.

    Raises:
        ValueError: the intent lacks the amount or the terminal.
    """
    if intent.amount is None or intent.terminal_id is None:
        raise ValueError("the intent has no amount or no terminal")
    return given(
        terminal_id=intent.terminal_id,
        customer_id=intent.customer_id,
        type="Payment",
        amount=currency_value(intent.amount),
        bill_id=intent.bill_id,
        reservation_id=intent.reservation_id,
    )


class _Ordered(Row):
    command_id: Id


def decode_order(body: bytes) -> str:
    """Return the command's id. Raises WireError when there is none."""
    return read_body(_Ordered, body).command_id


class _CommandRow(IdentifiedRow):
    state: StrictStr


def decode_commands(body: bytes) -> Page[Command]:
    """Return the orders of an answer of commands/getAllByIds.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Commands", _CommandRow, _command)


def _command(row: _CommandRow) -> Command:
    return Command(row.id, _STATES.get(row.state, CommandState.UNDER_WAY))
