"""Messages of the event socket."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.hotel_event import CommandChanged, HotelEvent, RoomChanged, StayChanged
from deskpay.gateways.mews.wire.base import Id, Row, WireError, read, read_body


class _Message(Row):
    events: list[object]


class _EventRow(Row):
    type: StrictStr
    id: Id
    state: StrictStr | None = None


def decode_events(body: bytes) -> list[HotelEvent]:
    """Return the events of a message that the desk cares about; kinds that are not known are left out.

    Source: Mews Connector API, "WebSocket events", message body.

    Raises:
        WireError: the message is not what the contract says.
    """
    events: list[HotelEvent] = []
    for each in read_body(_Message, body).events:
        try:
            row = read(_EventRow, each)
        except WireError:
            continue  # one odd event must not cost the others; whatever it told is caught up with at the next beat
        match row.type:
            case "Reservation":
                events.append(StayChanged(row.id))
            case "Resource":
                events.append(RoomChanged(row.id))
            case "DeviceCommand":
                events.append(CommandChanged(row.id, row.state or ""))
            case _:
                pass
    return events
