"""Fetching a bill as a PDF. The property system may need some seconds to print it, and says by what to ask again."""

from __future__ import annotations

from deskpay.domain.errors import HotelUnavailable
from deskpay.services.front_desk import FrontDesk
from deskpay.services.ports import BillOffice

WAITS_S = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Waits before each further asking. A bill may be printed 30 times in seven days, and asking by the event of a printing
does not count (Mews Connector API, bills/getPdf)."""

_MARK = b"%PDF-"


async def print_bill(front: FrontDesk, office: BillOffice, bill_id: str) -> bytes:
    """Return the bill as a PDF.

    Raises:
        HotelUnavailable: it was not printed in time, or what came is no PDF.
        Refused: it may not be printed now.
    """
    event_id: str | None = None
    for wait_s in (0.0, *WAITS_S):
        await front.clock.sleep(wait_s)
        printing = await office.bill_pdf(bill_id, event_id)
        if isinstance(printing, bytes):
            if not printing.startswith(_MARK):
                raise HotelUnavailable("what came is no PDF", operation="bills/getPdf")
            return printing
        event_id = printing
    raise HotelUnavailable("the bill was not printed in time", operation="bills/getPdf")
