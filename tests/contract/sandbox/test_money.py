"""Money: what a charge, a record and a refund do, and everything that must be refused before they do it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.sandbox.door import PAGE, Door, pounds
from tests.contract.sandbox.samples import vault_id
from tests.contract.sandbox.schema import disagreements

REFERENCE = "DP-7K4M-2Q9C"


def balance(door: Door, last_name: str) -> Decimal:
    """Open items plus counted payments, as the API's guidelines define it."""
    guest = door.guest(last_name)["Id"]
    items = door.ok("orderItems/getAll", AccountIds=[guest], AccountingStates=["Open"], Limitation=PAGE)["OrderItems"]
    owed = sum((Decimal(item["Amount"]["GrossValue"]) for item in items), Decimal(0))
    counted = [p for p in door.payments(last_name) if (p["State"], p["AccountingState"]) == ("Charged", "Open")]
    return owed + sum((Decimal(payment["Amount"]["GrossValue"]) for payment in counted), Decimal(0))


def test_a_charge_pays_the_bill_and_can_be_found_by_its_reference(door: Door) -> None:
    stay = next(row for row in door.world.hotel.reservations if row["Number"] == "48213")
    before = balance(door, "Pepperwick")
    answer = door.charge(door.card("Pepperwick", "1111"), "312.40", f"Room {REFERENCE}", ReservationId=stay["Id"])
    assert answer.status == 200
    payment = door.payments("Pepperwick")[0]
    bill = next(row for row in door.world.hotel.bills if row["Name"] == "Room and extras")
    assert payment["Id"] == answer.body["PaymentId"]
    assert payment["Amount"] == payment["OriginalAmount"]
    assert payment["Amount"]["GrossValue"] == payment["Amount"]["NetValue"] == Decimal("-312.4")
    assert payment["Notes"] == f"Room {REFERENCE}"
    assert payment["Identifier"].startswith("ch_")
    expected = {
        "State": "Charged",
        "AccountingState": "Open",
        "Type": "CreditCardPayment",
        "Kind": "Payment",
        "PaymentOrigin": "Api",
        "BillId": bill["Id"],
        "ReservationId": stay["Id"],
        "CreatedUtc": "2026-11-12T14:32:05Z",
        "ChargedUtc": "2026-11-12T14:32:05Z",
    }
    assert {name: payment[name] for name in expected} == expected
    assert before == Decimal("312.40")
    assert balance(door, "Pepperwick") == 0


def test_two_charges_of_one_reference_are_two_charges(door: Door) -> None:
    card = door.card("Pepperwick", "1111")
    assert door.charge(card).body["PaymentId"] != door.charge(card).body["PaymentId"]
    ledger = door.world.ledger_json()
    assert ledger["attempts"] == {REFERENCE: 2}
    assert [charge["reference"] for charge in ledger["charges"]] == [REFERENCE, REFERENCE]


@pytest.mark.parametrize(
    ("amount", "field"),
    [
        (pounds("1") | {"GrossValue": 0}, "Amount.GrossValue"),
        (pounds("1") | {"GrossValue": -5}, "Amount.GrossValue"),
        (pounds("1.001"), "Amount.GrossValue"),
        (pounds("10000000"), "Amount.GrossValue"),
        ({"Currency": "GBP", "NetValue": 5, "TaxCodes": []}, "Amount.NetValue"),
        ({"Currency": "GBP", "NetValue": 5, "GrossValue": 5, "TaxCodes": []}, "Amount.NetValue"),
        ({"Currency": "GBP", "TaxCodes": []}, "Amount.GrossValue"),
        (pounds("1") | {"TaxCodes": ["UK-S"]}, "Amount.TaxCodes"),
    ],
)
@pytest.mark.parametrize("operation", ["creditCards/charge", "payments/addExternal", "payments/addCreditCard"])
def test_an_impossible_amount_is_refused_everywhere(
    door: Door, operation: str, amount: dict[str, Any], field: str
) -> None:
    guest = door.guest("Pepperwick")["Id"]
    bodies: dict[str, dict[str, Any]] = {
        "creditCards/charge": {"CreditCardId": door.card("Pepperwick", "1111")["Id"]},
        "payments/addExternal": {"AccountId": guest, "Type": "Cash"},
        "payments/addCreditCard": {"CustomerId": guest, "CreditCard": slip()},
    }
    before = len(door.payments("Pepperwick"))
    answer = door.call(operation, bodies[operation], Amount=amount)
    assert (answer.status, answer.message) == (400, f"Invalid {field}")
    assert len(door.payments("Pepperwick")) == before


def test_a_currency_the_hotel_does_not_take_is_refused_in_words(door: Door) -> None:
    answer = door.charge(door.card("Pepperwick", "1111"), Amount=pounds("5") | {"Currency": "CHF"})
    assert (answer.status, answer.message) == (403, "The currency CHF is not accepted by this property.")


def test_another_accepted_currency_is_charged_as_it_is(door: Door) -> None:
    assert door.charge(door.card("Pepperwick", "1111"), Amount=pounds("5") | {"Currency": "EUR"}).status == 200
    assert door.payments("Pepperwick")[0]["Amount"]["Currency"] == "EUR"
    guest = door.guest("Pepperwick")["Id"]
    asked = door.ok("payments/getAll", AccountIds=[guest], Currency="GBP", Limitation=PAGE)["Payments"][0]
    assert asked["Amount"]["GrossValue"] == Decimal("-4.35")
    assert asked["OriginalAmount"] == {**asked["OriginalAmount"], "Currency": "EUR", "GrossValue": -5}


def test_terminal_disabled_and_expired_cards_are_refused_in_words(door: Door) -> None:
    expired = door.charge(door.card("Pepperwick", "0005"))
    terminal = door.charge(door.card("Pepperwick", "4444", kind="Terminal"))
    disabled = door.charge(next(row for row in door.world.hotel.cards if row["State"] == "Disabled"))
    assert [answer.status for answer in (expired, terminal, disabled)] == [403] * 3
    assert expired.message == "The credit card has expired."
    assert terminal.message == "Only credit cards stored in the payment gateway can be charged."
    assert disabled.message == "The credit card is disabled."
    ledger = door.world.ledger_json()
    assert ledger["charges"] == ledger["declined"] == []
    assert ledger["attempts"] == {REFERENCE: 3}


def test_a_card_is_good_until_its_month_is_over(door: Door) -> None:
    card = door.card("Pepperwick", "4444")
    assert card["Expiration"] == "12/2026"
    door.world.clock.advance(86_400 * 49)  # the last day of the year
    assert door.charge(card).status == 200
    door.world.clock.advance(86_400)
    assert door.charge(card).status == 403


def test_a_declined_card_moves_nothing_and_leaves_a_failed_payment(door: Door) -> None:
    answer = door.charge(door.card("Quillfeather", "1009"), "86.50")
    assert (answer.status, answer.message) == (403, "Transaction was declined (Refused).")
    payment = door.payments("Quillfeather")[0]
    assert (payment["State"], payment["AccountingState"]) == ("Failed", "Inactive")
    assert payment["ChargedUtc"] is None
    assert payment["Notes"] == REFERENCE
    assert balance(door, "Quillfeather") == Decimal("86.50")
    ledger = door.world.ledger_json()
    assert ledger["charges"] == []
    assert [(entry["reference"], entry["state"]) for entry in ledger["declined"]] == [(REFERENCE, "Failed")]


def test_a_verifying_payment_is_neither_paid_nor_failed_and_lapses_after_a_day(door: Door) -> None:
    assert door.charge(door.card("Lanternby", "3155"), "45.00").status == 200
    assert door.payments("Lanternby")[0]["State"] == "Verifying"
    door.world.clock.advance(86_399)
    assert door.payments("Lanternby")[0]["State"] == "Verifying"
    door.world.clock.advance(1)
    lapsed = door.payments("Lanternby")[0]
    assert (lapsed["State"], lapsed["AccountingState"], lapsed["ChargedUtc"]) == ("Canceled", "Canceled", None)
    assert lapsed["UpdatedUtc"] == "2026-11-13T14:32:05Z"


def test_a_pending_payment_is_charged_when_its_time_has_come(door: Door) -> None:
    assert door.charge(door.card("Larkspindle", "0077"), "148.00").status == 200
    pending = door.payments("Larkspindle")[0]
    assert (pending["State"], pending["AccountingState"]) == ("Pending", "Inactive")
    door.world.clock.advance(20)
    charged = door.payments("Larkspindle")[0]
    assert (charged["State"], charged["AccountingState"]) == ("Charged", "Open")
    assert charged["ChargedUtc"] == "2026-11-12T14:32:25Z"
    assert balance(door, "Larkspindle") == 0


@pytest.mark.parametrize("field", ["ReservationId", "AccountingCategoryId"])
def test_a_charge_that_points_nowhere_is_refused(door: Door, field: str) -> None:
    foreign = next(row for row in door.world.hotel.reservations if row["Number"] == "48190")["Id"]
    answer = door.charge(door.card("Pepperwick", "1111"), **{field: foreign})
    assert (answer.status, answer.message) == (400, f"Invalid {field}")
    assert door.world.ledger_json()["charges"] == []


def test_ids_may_be_spelled_in_upper_case(door: Door) -> None:
    card = door.card("Pepperwick", "1111")
    category = next(row for row in door.world.hotel.categories if row["Classification"] == "Payments")
    answer = door.charge(card | {"Id": card["Id"].upper()}, AccountingCategoryId=category["Id"].upper())
    assert answer.status == 200
    assert door.payments("Pepperwick")[0]["AccountingCategoryId"] == category["Id"]


def test_a_guest_without_an_open_bill_gets_one(door: Door) -> None:
    guest = door.guest("Teapot Banqueting")["Id"]
    door.ok("payments/addExternal", AccountId=guest, Amount=pounds("5"), Type="Voucher")
    bills = door.ok("bills/getAll", CustomerIds=[guest], Limitation=PAGE)
    assert [bill["State"] for bill in bills["Bills"]] == ["Open"]
    assert disagreements("bills/getAll", bills) == []


def slip(**fields: Any) -> dict[str, Any]:
    return {"Type": "Visa", "Number": "411111******1111", "Expiration": "12/2028", "Name": "O. Pepperwick"} | fields


def recorded(door: Door, **fields: Any) -> Any:
    return door.call(
        "payments/addCreditCard",
        {"CustomerId": door.guest("Pepperwick")["Id"], "Amount": pounds("62"), "CreditCard": slip()} | fields,
    )


def test_a_card_slip_is_recorded_and_charges_nobody(door: Door) -> None:
    answer = recorded(door, Notes=REFERENCE, ReceiptIdentifier="004822")
    payment = door.payments("Pepperwick")[0]
    assert payment["Data"]["CreditCard"]["CreditCardId"] == answer.body["CreditCardId"]
    assert (payment["Type"], payment["State"], payment["Identifier"]) == ("CreditCardPayment", "Charged", None)
    assert payment["Kind"] is None
    card = door.ok("creditCards/getAll", CreditCardIds=[answer.body["CreditCardId"]], Limitation=PAGE)["CreditCards"][0]
    assert (card["Kind"], card["IsActive"], card["ObfuscatedNumber"]) == ("Terminal", False, "411111******1111")
    ledger = door.world.ledger_json()
    assert ledger["charges"] == []
    assert ledger["records"] == [
        {
            "reference": REFERENCE,
            "payment_id": payment["Id"],
            "credit_card_id": answer.body["CreditCardId"],
            "customer_id": door.guest("Pepperwick")["Id"],
            "amount": "62.00",
            "currency": "GBP",
            "type": "CreditCardPayment",
            "external_identifier": None,
        }
    ]


@pytest.mark.parametrize(("given", "kept"), [("1111", "************1111"), ("****1111", "************1111")])
def test_the_last_four_digits_are_enough(door: Door, given: str, kept: str) -> None:
    card_id = recorded(door, CreditCard=slip(Number=given, Type="EnRoute", Expiration=None)).body["CreditCardId"]
    card = door.world.hotel.cards.get(card_id)
    assert card is not None
    assert (card["ObfuscatedNumber"], card["Type"], card["Expiration"]) == (kept, None, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"Number": "4111111111111111"}, "Number"),
        ({"Number": "4111 1111 1111 1111"}, "Number"),
        ({"Number": "41111111***1111"}, "Number"),
        ({"Number": ""}, "Number"),
        ({"Type": "Cash"}, "Type"),
        ({"Expiration": "2028-12"}, "Expiration"),
        ({"Expiration": "13/2028"}, "Expiration"),
        ({"Name": " "}, "Name"),
    ],
)
def test_a_slip_that_is_no_slip_is_refused_without_an_echo(door: Door, fields: dict[str, Any], field: str) -> None:
    answer = recorded(door, CreditCard=slip(**fields))
    assert (answer.status, answer.message) == (400, f"Invalid CreditCard.{field}")
    assert b"4111" not in answer.text
    assert door.world.ledger_json()["records"] == []


def external(door: Door, **fields: Any) -> Any:
    body = {"AccountId": door.guest("Pepperwick")["Id"], "Amount": pounds("20"), "Type": "Cash"}
    return door.call("payments/addExternal", body | fields)


def test_an_external_payment_comes_back_with_its_identifier_and_notes(door: Door) -> None:
    bill = next(row for row in door.world.hotel.bills if row["Name"] == "Pepperwick Umbrella Co.")
    answer = external(door, BillId=bill["Id"], ExternalIdentifier=REFERENCE, Notes="at the desk", Type="GiftCard")
    payment = door.payments("Pepperwick")[0]
    assert payment["Id"] == answer.body["ExternalPaymentId"]
    assert (payment["Type"], payment["State"], payment["BillId"]) == ("ExternalPayment", "Charged", bill["Id"])
    assert payment["Notes"] == "at the desk"
    assert payment["Data"]["External"] == {"Type": "GiftCard", "ExternalIdentifier": REFERENCE}
    record = door.world.ledger_json()["records"][0]
    assert (record["reference"], record["type"], record["external_identifier"]) == (REFERENCE, "GiftCard", REFERENCE)


@pytest.mark.parametrize("kind", ["Bacs", "CreditCard", None])
def test_an_external_type_the_hotel_has_not_enabled_is_refused(door: Door, kind: str | None) -> None:
    answer = external(door, Type=kind)
    assert answer.status == 403
    assert answer.message == "Enterprise doesn't have the external payment type enabled"


@pytest.mark.parametrize("last_name", ["Brambleworth", "Pepperwick"])
def test_only_an_open_bill_of_the_same_account_takes_a_payment(door: Door, last_name: str) -> None:
    owner = door.guest(last_name)["Id"]
    bill = next(row for row in door.world.hotel.bills if row["AccountId"] == owner)
    if last_name == "Pepperwick":
        bill["State"] = "Closed"
    answer = external(door, BillId=bill["Id"])
    assert (answer.status, answer.message) == (400, "Invalid BillId")


@pytest.mark.parametrize(
    ("operation", "body", "field"),
    [
        ("payments/addExternal", {"AccountId": "x", "Amount": pounds("1"), "Type": "Cash"}, "AccountId"),
        ("payments/addCreditCard", {"CustomerId": "x", "Amount": pounds("1"), "CreditCard": slip()}, "CustomerId"),
        ("creditCards/charge", {"CreditCardId": "x", "Amount": pounds("1")}, "CreditCardId"),
        ("creditCards/disable", {"CreditCardId": "x"}, "CreditCardId"),
        (
            "creditCards/addTokenized",
            {"CustomerId": "x", "CreditCardData": {"StorageData": "1", "Expiration": "2028-10"}},
            "CustomerId",
        ),
        ("payments/refund", {"PaymentId": "x", "AccountId": "x", "Reason": "r"}, "PaymentId"),
    ],
)
def test_unknown_ids_are_refused_by_name(door: Door, operation: str, body: dict[str, Any], field: str) -> None:
    unknown = "98753f51-5b8b-4e8f-a3af-5b8476865983"
    answer = door.call(operation, {name: unknown if value == "x" else value for name, value in body.items()})
    assert (answer.status, answer.message) == (400, f"Invalid {field}")


def give_back(door: Door, payment: dict[str, Any], value: str | None = None, **fields: Any) -> Any:
    body = {"PaymentId": payment["Id"], "AccountId": payment["AccountId"], "Reason": f"minibar {REFERENCE}"}
    if value is not None:
        body["ValueToRefund"] = Decimal(value)
    return door.call("payments/refund", body | fields)


def test_a_part_refund_is_pending_then_lands_as_a_payment_of_its_own(door: Door) -> None:
    original = door.payments("Pepperwick")[0]
    before = balance(door, "Pepperwick")
    answer = give_back(door, original, "72.50")
    assert answer.body == {
        "PaymentId": original["Id"],
        "RefundId": answer.body["RefundId"],
        "Type": "CreditCardPayment",
        "Amount": {"Currency": "GBP", "Value": Decimal("72.5")},
        "State": "Pending",
    }
    pending = door.payments("Pepperwick")[0]
    assert (pending["Id"], pending["Kind"], pending["State"]) == (answer.body["RefundId"], "Refund", "Pending")
    assert pending["Amount"]["GrossValue"] == Decimal("72.5")
    assert pending["Notes"] is None
    assert balance(door, "Pepperwick") == before
    door.world.clock.advance(20)
    assert door.payments("Pepperwick")[0]["State"] == "Charged"
    assert balance(door, "Pepperwick") == before + Decimal("72.50")
    assert door.world.ledger_json()["refunds"] == [
        {
            "reference": REFERENCE,
            "payment_id": original["Id"],
            "refund_id": answer.body["RefundId"],
            "amount": "72.50",
            "currency": "GBP",
            "state": "Charged",
            "reason": f"minibar {REFERENCE}",
        }
    ]


def test_never_more_than_remains_is_given_back(door: Door) -> None:
    original = door.payments("Pepperwick")[0]
    assert give_back(door, original, "450.01").status == 403
    assert give_back(door, original, "300").status == 200
    whole = give_back(door, original)
    assert (whole.status, whole.message) == (403, "The amount exceeds what can still be refunded of this payment.")
    assert give_back(door, original, "150").status == 200
    assert give_back(door, original, "0.01").status == 403


def test_without_a_value_the_whole_payment_is_given_back(door: Door) -> None:
    assert give_back(door, door.payments("Pepperwick")[0]).body["Amount"]["Value"] == 450


def test_a_refund_of_a_closed_bill_goes_to_an_open_one(door: Door) -> None:
    payment = next(
        row for row in door.world.hotel.payments if row["AccountingState"] == "Closed" and row["Kind"] == "Payment"
    )
    refund_id = give_back(door, payment).body["RefundId"]
    refund = door.world.hotel.payments.get(refund_id)
    assert refund is not None
    bill = door.world.hotel.bills.get(refund["BillId"])
    assert bill is not None
    assert bill["State"] == "Open"


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        (1, "Only card and alternative payments can be refunded."),
        (2, "This payment was not taken by the payment gateway and cannot be refunded through it."),
        (3, "Only charged payments can be refunded."),
    ],
)
def test_cash_slips_and_failed_payments_cannot_be_given_back(door: Door, position: int, sentence: str) -> None:
    answer = give_back(door, door.payments("Pepperwick")[position])
    assert (answer.status, answer.message) == (403, sentence)


def test_a_refund_cannot_be_refunded(door: Door) -> None:
    give_back(door, door.payments("Pepperwick")[0], "10")
    door.world.clock.advance(20)
    assert give_back(door, door.payments("Pepperwick")[0]).status == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"Reason": " "}, "Reason"),
        ({"AccountId": "98753f51-5b8b-4e8f-a3af-5b8476865983"}, "AccountId"),
        ({"ValueToRefund": 0}, "ValueToRefund"),
        ({"ValueToRefund": -1}, "ValueToRefund"),
        ({"ValueToRefund": 1.005}, "ValueToRefund"),
    ],
)
def test_a_refund_needs_a_reason_its_account_and_a_real_amount(door: Door, fields: dict[str, Any], field: str) -> None:
    answer = give_back(door, door.payments("Pepperwick")[0], **fields)
    assert (answer.status, answer.message) == (400, f"Invalid {field}")
    assert door.world.ledger_json()["refunds"] == []


def tokenized(door: Door, storage: str, expiration: str = "2028-10") -> Any:
    return door.call(
        "creditCards/addTokenized",
        CustomerId=door.guest("Candlewax")["Id"],
        CreditCardData={"StorageData": storage, "Expiration": expiration},
    )


def test_a_card_from_the_vault_can_be_charged(door: Door) -> None:
    card_id = tokenized(door, vault_id(door)).body["CreditCardId"]
    guest = door.guest("Candlewax")["Id"]
    card = door.ok("creditCards/getAll", CustomerIds=[guest], Limitation=PAGE)["CreditCards"][0]
    expected = {
        "Id": card_id,
        "Kind": "Gateway",
        "State": "Enabled",
        "IsActive": True,
        "Type": "Visa",
        "ObfuscatedNumber": "424242******4242",
        "Expiration": "10/2028",
    }
    assert {name: card[name] for name in expected} == expected
    assert door.charge(card, "2350.00").status == 200
    assert balance(door, "Candlewax") == 0
    assert door.world.ledger_json()["cards"] == [
        {
            "credit_card_id": card_id,
            "customer_id": guest,
            "obfuscated_number": "424242******4242",
            "expiration": "10/2028",
        }
    ]


def test_an_amex_keeps_its_length_and_a_declining_card_declines(door: Door) -> None:
    amex = door.world.hotel.cards.get(tokenized(door, vault_id(door, "375811111111115")).body["CreditCardId"])
    assert amex is not None
    assert (amex["Type"], amex["ObfuscatedNumber"]) == ("Amex", "375811*****1115")
    declining = door.world.hotel.cards.get(tokenized(door, vault_id(door, "4900000000000003")).body["CreditCardId"])
    assert declining is not None
    assert door.charge(declining).message == "Transaction was declined (Refused)."


def test_what_the_vault_does_not_hand_over_is_refused_in_words(door: Door) -> None:
    spent = vault_id(door)
    old = vault_id(door)
    assert tokenized(door, spent).status == 200
    assert tokenized(door, spent).message == "The card data has already been used. Please enter the card again."
    assert tokenized(door, "1").message == "The card data was not found. Please enter the card again."
    door.world.clock.advance(1800)
    answer = tokenized(door, old)
    assert (answer.status, answer.message) == (403, "The card data has expired. Please enter the card again.")
    assert len(door.world.ledger_json()["cards"]) == 1


@pytest.mark.parametrize("expiration", ["10/2028", "2028-13", "2026-10", "2028-1", ""])
def test_an_expiry_that_is_no_month_to_come_keeps_the_vault_id_unspent(door: Door, expiration: str) -> None:
    storage = vault_id(door)
    answer = tokenized(door, storage, expiration)
    assert (answer.status, answer.message) == (400, "Invalid CreditCardData.Expiration")
    assert tokenized(door, storage, "2026-11").status == 200


def test_a_disabled_card_stays_listed_and_cannot_be_charged(door: Door) -> None:
    card = door.card("Pepperwick", "1111")
    assert door.ok("creditCards/disable", CreditCardId=card["Id"]) == {}
    listed = door.ok("creditCards/getAll", CreditCardIds=[card["Id"]], Limitation=PAGE)["CreditCards"][0]
    assert (listed["State"], listed["IsActive"]) == ("Disabled", False)
    assert door.charge(card).status == 403


def test_a_terminal_card_cannot_be_disabled(door: Door) -> None:
    answer = door.call("creditCards/disable", CreditCardId=door.card("Pepperwick", "4444", kind="Terminal")["Id"])
    assert answer.status == 403
