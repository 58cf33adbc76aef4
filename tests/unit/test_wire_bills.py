"""Bills on the wire: closed in the interface's words, printed now or by an event; and what banks hold."""

import json
from typing import Any

import pytest

from deskpay.domain.bill import BillKind
from deskpay.domain.errors import HotelUnavailable, NotSent
from deskpay.domain.preauthorization import PreauthorizationState
from deskpay.gateways.mews.wire import bills
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.mews.wire.preauthorizations import decode_preauthorizations
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import CURRENCIES, CannedMews, connected, vector_answer


def pdf(discriminator: str, **value: Any) -> bytes:
    return json.dumps({"BillId": "b", "Result": {"Discriminator": discriminator, "Value": value}}).encode()


def test_a_print_is_a_file_or_the_id_to_ask_again_by() -> None:
    assert bills.decode_bill_pdf(pdf("BillPdfFile", Base64Data="JVBERi0=")) == b"%PDF-"
    assert bills.decode_bill_pdf(pdf("BillPrintEvent", BillPrintEventId="event")) == "event"


@pytest.mark.parametrize(
    "body", [pdf("BillFax"), pdf("BillPdfFile"), pdf("BillPdfFile", Base64Data="JVBERi0="[:-1] + "!"), b"{}"]
)
def test_what_is_neither_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        bills.decode_bill_pdf(body)


def test_a_bill_is_closed_in_the_interfaces_words() -> None:
    sent = bills.encode_close_bill("hotel", "bill", BillKind.RECEIPT, "")
    assert sent == {"EnterpriseId": "hotel", "BillId": "bill", "Type": "Receipt"}
    assert bills.encode_close_bill("h", "b", BillKind.INVOICE, "Hi")["Notes"] == {"Value": "Hi"}


def test_a_bill_names_the_company_it_is_for() -> None:
    answer = json.loads(vector_answer("bills/getAll"))
    answer["Bills"][0]["AssociatedAccountIds"] = ["company"]
    assert bills.decode_bills(json.dumps(answer).encode()).rows[0].associated_ids == ("company",)


def test_a_hold_of_an_unknown_state_counts_as_held() -> None:
    answer = json.loads(vector_answer("preauthorizations/getAllByCustomers"))
    answer["Preauthorizations"][1] |= {"State": "Extended", "IsActive": True}
    first, second, *_ = decode_preauthorizations(json.dumps(answer).encode(), CURRENCIES)
    assert (first.state, first.held) == (PreauthorizationState.CANCELED, False)
    assert (second.state, second.held) == (PreauthorizationState.UNKNOWN, True)


def test_no_bill_is_closed_at_a_hotel_that_is_not_known(run_plain: CoroutineRunner) -> None:
    mews = CannedMews({"configuration/get": (503, {}), "currencies/getAll": vector_answer("currencies/getAll")})

    async def scene() -> None:
        async with connected(mews) as connection:
            await connection.office.close_bill("bill", BillKind.RECEIPT, "")

    with pytest.raises(NotSent) as told:
        run_plain(scene())
    assert isinstance(told.value.__cause__, HotelUnavailable)
    assert not mews.of("bills/close")
