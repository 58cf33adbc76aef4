"""Who and what is found: searching, filtering, windows and pages."""

from typing import Any

import pytest

from tests.contract.sandbox.door import PAGE, Door

UNKNOWN = "98753f51-5b8b-4e8f-a3af-5b8476865983"


def found(door: Door, **fields: Any) -> list[str]:
    answer = door.ok("customers/search", {"Extent": {"Customers": True}} | fields)
    return sorted(hit["Customer"]["LastName"] for hit in answer["Customers"])


@pytest.mark.parametrize(
    ("name", "surnames"),
    [
        ("pepperwick", ["Pepperwick"]),
        ("OTTOLINE", ["Pepperwick"]),
        ("Pepperwick Ottoline", ["Pepperwick"]),
        ("ott pep", ["Pepperwick"]),
        ("pep", ["Pepperwhistle", "Pepperwick"]),
        ("obrien", ["O'Brien"]),
        ("o'brien sean", ["O'Brien"]),
        ("muller", ["Müller"]),
        ("zoe", ["Achterberg"]),
        ("王小", ["Xiaoming (王小明)"]),
        ("fernandez", ["García"]),
        ("zolkiewski lukasz", ["Żółkiewski"]),
        ("pepperpot", []),  # arrives today, is not in the house
        ("marchpane", []),  # has left
        ("banqueting", ["Teapot Banqueting"]),  # a paymaster
        ("pepperwick isolde", []),
        ("epperwick", []),
    ],
)
def test_search_finds_people_in_the_house_by_the_beginnings_of_their_names(
    door: Door, name: str, surnames: list[str]
) -> None:
    assert found(door, Name=name) == surnames


def test_search_by_room_finds_who_is_in_it(door: Door) -> None:
    rooms = {row["Name"]: row["Id"] for row in door.world.hotel.rooms}
    assert found(door, ResourceId=rooms["214"].upper()) == ["Pepperwick"]
    assert found(door, ResourceId=rooms["210"]) == []
    assert found(door, ResourceId=rooms["214"], Name="isolde") == []
    answer = door.call("customers/search", ResourceId=UNKNOWN)
    assert (answer.status, answer.message) == (400, "Invalid ResourceId")


def test_search_brings_the_running_stay_in_the_older_shape(door: Door) -> None:
    hit = door.ok("customers/search", Name="Ottoline")["Customers"][0]
    assert (hit["Reservation"]["Number"], hit["Reservation"]["State"]) == ("48213", "Started")
    assert hit["Reservation"]["CustomerId"] == hit["Customer"]["Id"]
    paymaster = door.ok("customers/search", Name="Banqueting")["Customers"][0]
    assert paymaster["Reservation"] is None


def test_an_extent_that_is_not_asked_for_stays_empty(door: Door) -> None:
    assert found(door, Extent={"Customers": False}) == []
    guest = door.guest("Pepperwick")["Id"]
    assert door.ok("customers/getAll", CustomerIds=[guest], Extent={}, Limitation=PAGE)["Customers"] == []
    assert door.ok("resources/getAll", Extent={}, Limitation=PAGE)["Resources"] == []


@pytest.mark.parametrize(
    ("filters", "surnames"),
    [
        ({"LastNames": ["Pepperwick"]}, ["Pepperwick"]),
        ({"LastNames": ["Pepper"]}, []),
        ({"FirstNames": ["Tansy", "Rosalind"]}, ["Marchpane", "Pepperpot"]),
        ({"Emails": ["ottoline@pepperwick.example"]}, ["Pepperwick"]),
        ({"Emails": ["ottoline@pepperwick.example"], "FirstNames": ["Tansy"]}, []),
        ({"LoyaltyCodes": ["none"]}, []),
        ({"LastNames": ["Pepperwick"], "ActivityStates": ["Deleted"]}, []),
        ({"LastNames": ["Pepperwick"], "ActivityStates": ["Deleted", "Active"]}, ["Pepperwick"]),
    ],
)
def test_customers_are_found_by_exact_values(door: Door, filters: dict[str, Any], surnames: list[str]) -> None:
    answer = door.ok("customers/getAll", filters, Extent={"Customers": True}, Limitation=PAGE)
    assert sorted(row["LastName"] for row in answer["Customers"]) == surnames


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("payments/getAll", {"States": ["Charged"], "Type": "CreditCardPayment"}),
        ("payments/getAll", {"SettlementUtc": {"StartUtc": "2026-11-01T00:00:00Z", "EndUtc": "2026-11-02T00:00:00Z"}}),
        ("orderItems/getAll", {"AccountingStates": ["Open"]}),
        ("creditCards/getAll", {}),
        ("bills/getAll", {"State": "Open"}),
        ("customers/getAll", {"Extent": {"Customers": True}}),
    ],
)
def test_some_listings_insist_on_a_filter(door: Door, operation: str, fields: dict[str, Any]) -> None:
    answer = door.call(operation, fields, Limitation=PAGE)
    assert answer.status == 400
    assert answer.message.startswith("Invalid filter: at least one of ")


def stays(door: Door, **filters: Any) -> list[str]:
    answer = door.ok("reservations/getAll/2023-06-06", filters, Limitation=PAGE)
    return [row["Number"] for row in answer["Reservations"]]


def day(offset: int) -> dict[str, str]:
    return {"StartUtc": f"2026-11-{12 + offset}T00:00:00Z", "EndUtc": f"2026-11-{13 + offset}T00:00:00Z"}


def test_todays_lists_have_the_expected_length(door: Door) -> None:
    assert len(stays(door, States=["Started"])) == 42
    assert len(stays(door, States=["Started"], CollidingUtc=day(0))) == 42
    assert len(stays(door, States=["Confirmed"], ScheduledStartUtc=day(0))) == 11
    assert len(stays(door, States=["Started"], ScheduledEndUtc=day(0))) == 9
    assert len(stays(door, States=["Optional"])) == 4
    assert set(stays(door, Numbers=["48213", "49210", "1"])) == {"48213", "49210"}


def test_a_stay_collides_with_a_window_it_touches(door: Door) -> None:
    def at(moment: str, end: str | None = None) -> list[str]:
        window = {"StartUtc": moment, "EndUtc": end or moment}
        return stays(door, Numbers=["48213"], CollidingUtc=window)

    # From Tuesday 15:00 to Friday 11:00.
    assert at("2026-11-10T14:59:59Z") == []
    assert at("2026-11-10T15:00:00Z") == ["48213"]
    assert at("2026-11-12T00:00:00Z") == ["48213"]
    assert at("2026-11-13T11:00:00Z") == ["48213"]
    assert at("2026-11-13T11:00:01Z") == []
    assert at("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z") == ["48213"]


@pytest.mark.parametrize("kind", ["Start", "End"])
def test_scheduled_and_actual_windows_exclude_each_other(door: Door, kind: str) -> None:
    filters = {f"Scheduled{kind}Utc": day(0), f"Actual{kind}Utc": day(0)}
    answer = door.call("reservations/getAll/2023-06-06", filters, Limitation=PAGE)
    assert (answer.status, answer.message) == (400, f"Invalid Actual{kind}Utc")


@pytest.mark.parametrize(("mine", "count"), [(True, 1), (False, 0)])
def test_only_rows_of_the_property_asked_for_are_listed(door: Door, mine: bool, count: int) -> None:
    enterprises = [door.world.hotel.enterprise_id if mine else UNKNOWN]
    assert len(stays(door, Numbers=["48213"], EnterpriseIds=enterprises)) == count
    guest = door.guest("Quillfeather")["Id"]
    cards = door.ok("creditCards/getAll", CustomerIds=[guest], EnterpriseIds=enterprises, Limitation=PAGE)
    assert len(cards["CreditCards"]) == count


def test_windows_are_half_open_and_equal_ends_ask_for_that_moment(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]

    def paid(start: str, end: str) -> int:
        window = {"StartUtc": start, "EndUtc": end}
        return len(door.ok("payments/getAll", AccountIds=[guest], CreatedUtc=window, Limitation=PAGE)["Payments"])

    # Ottoline's card was charged today at 09:14.
    assert paid("2026-11-12T09:14:00Z", "2026-11-12T09:14:01Z") == 1
    assert paid("2026-11-12T09:13:00Z", "2026-11-12T09:14:00Z") == 0
    assert paid("2026-11-12T09:14:00Z", "2026-11-12T09:14:00Z") == 1
    assert paid("2026-11-12T09:14:00.000Z", "2026-11-12T09:15:00.5Z") == 1


def test_a_row_without_the_time_asked_for_is_in_no_window(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    window = {"StartUtc": "2026-11-01T00:00:00Z", "EndUtc": "2026-12-01T00:00:00Z"}
    charged = door.ok("payments/getAll", AccountIds=[guest], ChargedUtc=window, Limitation=PAGE)["Payments"]
    assert len(charged) == 3  # the failed one was never charged


def test_services_and_categories_are_filtered_by_what_they_are(door: Door) -> None:
    bookable = door.ok("services/getAll", ServiceType="Bookable", Limitation=PAGE)["Services"]
    assert [row["Names"]["en-GB"] for row in bookable] == ["Accommodation"]
    deleted = door.ok("accountingCategories/getAll", ActivityStates=["Deleted"], Limitation=PAGE)
    assert deleted["AccountingCategories"] == []
    categories = door.ok("accountingCategories/getAll", Limitation=PAGE)["AccountingCategories"]
    assert {"Accommodation", "Payments"} <= {row["Classification"] for row in categories}


def test_pages_come_newest_first_and_together_hold_every_row_once(door: Door) -> None:
    bills = [row["Id"] for row in door.world.hotel.bills]
    whole = door.ok("payments/getAll", BillIds=bills, Limitation=PAGE)
    assert whole["Cursor"] is None
    created = [row["CreatedUtc"] for row in whole["Payments"]]
    assert created == sorted(created, reverse=True)
    pages, cursor = [], None
    while True:
        page = door.ok("payments/getAll", BillIds=bills, Limitation={"Count": 7, "Cursor": cursor})
        pages += page["Payments"]
        cursor = page["Cursor"]
        if cursor is None:
            break
        assert cursor == page["Payments"][-1]["Id"]
    assert pages == whole["Payments"]


def test_a_page_that_is_exactly_full_costs_one_more_call(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    page = door.ok("payments/getAll", AccountIds=[guest], Limitation={"Count": 4})
    assert len(page["Payments"]) == 4
    rest = door.ok("payments/getAll", AccountIds=[guest], Limitation={"Count": 4, "Cursor": page["Cursor"]})
    assert rest == {"Payments": [], "Cursor": None}


def test_rows_added_while_paging_do_not_disturb_older_pages(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    whole = door.payments("Pepperwick")
    first = door.ok("payments/getAll", AccountIds=[guest], Limitation={"Count": 2})
    for _ in range(3):
        assert door.charge(door.card("Pepperwick", "1111")).status == 200
    second = door.ok("payments/getAll", AccountIds=[guest], Limitation={"Count": 2, "Cursor": first["Cursor"]})
    assert first["Payments"] + second["Payments"] == whole


def test_a_row_that_leaves_the_filter_between_pages_still_marks_the_place(door: Door) -> None:
    assert door.charge(door.card("Larkspindle", "0077"), "1.00").status == 200
    guests = [door.guest("Larkspindle")["Id"], door.guest("Pepperwick")["Id"]]
    states = {"AccountIds": guests, "States": ["Pending", "Failed"]}
    first = door.ok("payments/getAll", states, Limitation={"Count": 1})
    assert first["Payments"][0]["State"] == "Pending"
    door.world.clock.advance(60)
    second = door.ok("payments/getAll", states, Limitation={"Count": 1, "Cursor": first["Cursor"]})
    assert [row["State"] for row in second["Payments"]] == ["Failed"]


def test_payments_of_the_same_second_come_latest_first(door: Door) -> None:
    ids = [door.charge(door.card("Pepperwick", "1111")).body["PaymentId"] for _ in range(5)]
    assert [row["Id"] for row in door.payments("Pepperwick")[:5]] == ids[::-1]
