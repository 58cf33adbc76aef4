"""The back office: companies, cash desks, numbering series, billing rules, preauthorisations, shared rooms.

Laid after the guests and from a stream of ids of its own, so that nothing here changes who sleeps where.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deskpay.sandbox.contract import contract
from deskpay.sandbox.hotel.house import service
from deskpay.sandbox.hotel.ids import Ids
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import amount

Row = dict[str, Any]

_OPENED = "2019-03-01T09:00:00Z"
_ANOTHER_STREAM = 0x0FF1CE
_COUNTERS = (
    ("Invoices", "BillCounter", False, 4120, "INV{0:00000}"),
    ("Bills", "BillCounter", True, 28410, "{0:00000}"),
    ("Proforma", "ProformaCounter", True, 171, "P{0:0000}"),
    ("Previews", "BillPreviewCounter", True, 911, ""),
    ("Reservations", "ServiceOrderCounter", True, 49210, ""),
    ("Registration cards", "RegistrationCardCounter", True, 8873, ""),
)
_COMPANIES = (
    ("Pepperwick Umbrella Co.", "GB118273645", "accounts@pepperwick-umbrella.example", True, "CreditOk", None),
    ("Quarterdeck Travel", "GB220914377", "desk@quarterdeck.example", True, "PaymentRequiredUpfront", "91-2 0345"),
    ("Müller & Söhne Uhren GmbH", "DE811907980", "rechnung@mueller-uhren.example", False, None, None),
)
# Every how many of the guests in house whose card is a gateway's has one.
_PREAUTHORIZED = 5
_SHARED = 6


@dataclass(frozen=True, slots=True)
class _Office:
    hotel: Hotel
    ids: Ids

    def furnish(self) -> None:
        self._companies()
        self._cash_desks()
        self._counters()
        self._billing_rules()
        self._preauthorizations()
        self._shared_rooms()

    def _companies(self) -> None:
        # The bill that is already addressed to a company names its id.
        addressed = [row["AssociatedAccountIds"] for row in self.hotel.bills.in_use() if row["AssociatedAccountIds"]]
        given = [ids[0] for ids in addressed]
        for number, (name, tax, email, invoiceable, rating, iata) in enumerate(_COMPANIES, 1):
            row_id = given.pop(0) if given else self.ids.new()
            self.hotel.companies.add(
                {
                    **contract().blank("companies.md#company"),
                    "Id": row_id,
                    "ChainId": self.hotel.enterprise["ChainId"],
                    "Name": name,
                    "InvoicingEmail": email,
                    "InvoiceDueInterval": "P0M14DT0H0M0S" if invoiceable else None,
                    "Options": {
                        "Invoiceable": invoiceable,
                        "AddFeesToInvoices": False,
                        "AddTaxDeductedPaymentToInvoices": False,
                    },
                    "CreditRating": {"Basic": rating},
                    "Iata": iata,
                    "IsActive": True,
                    "Number": number,
                    "TaxIdentifier": tax,
                    "CreatedUtc": _OPENED,
                    "UpdatedUtc": _OPENED,
                    "Classifications": dict.fromkeys(contract().objects["accounts.md#company-classifications"], False)
                    | {"Corporate": iata is None},
                    "UpdaterProfileId": self.hotel.user_id,
                    "FiscalIdentifier": None,  # shown by accounts/update only, as the three around it
                    "SourceId": None,
                }
            )

    def _cash_desks(self) -> None:
        for name in ("The Saucer Room", "Front desk"):
            self.hotel.cashiers.add(self._dated({"IsActive": True, "Name": name}))

    def _counters(self) -> None:
        for name, kind, default, value, form in _COUNTERS:
            row = {"Name": name, "IsDefault": default, "Value": value, "Format": form, "Type": kind}
            self.hotel.counters.add(self._dated(row))

    def _dated(self, row: Row) -> Row:
        made = {"Id": self.ids.new(), "EnterpriseId": self.hotel.enterprise_id}
        return made | row | {"CreatedUtc": _OPENED, "UpdatedUtc": _OPENED}

    def _billing_rules(self) -> None:
        firm, agency, *_ = self.hotel.companies
        rooms = service(self.hotel, "Accommodation")
        rule = self._dated(
            {"CompanyId": agency["Id"], "CompanyRelation": "TravelAgency", "Applicability": "PrepaidOnly"}
        )
        self.hotel.routing_rules.add(
            rule | {"RouteType": "AllStayItems", "ServiceId": rooms, "SelectedStayItems": None}
        )
        automation = self._dated(
            {
                "Name": "Nights of Pepperwick Umbrella Co.",
                "Description": "The company pays the room, the guest the rest.",
                "CompaniesWithRelations": [
                    {"CompanyId": firm["Id"], "CompanyRelations": {"PartnerCompany": True, "TravelAgency": False}}
                ],
                "Prepayment": "All",
                "AssignmentTargetType": "CompanyAsOwner",
                "TriggerType": "Continuous",
                "BillAggregationType": "OnePerReservation",
                "CreatorProfileId": self.hotel.user_id,
                "UpdaterProfileId": self.hotel.user_id,
                "ProcessingStartOffset": None,
                "OrderItemConsumptionPeriod": None,
            }
        )
        routed = dict.fromkeys(
            contract().objects["billingautomations.md#billing-automation-item-types-parameters"], False
        )
        automation["Assignments"] = [
            {
                **contract().blank("billingautomations.md#billing-automation-assignment"),
                "Id": self.ids.new(),
                "BillingAutomationId": automation["Id"],
                "ServiceId": rooms,
                "RoutedItemTypes": routed | {"SpaceOrder": True},
            }
        ]
        self.hotel.billing_automations.add(automation)

    def _preauthorizations(self) -> None:
        cards = {
            row["CustomerId"]: row for row in self.hotel.cards.in_use() if row["Kind"] == "Gateway" and row["IsActive"]
        }
        stays = [
            row for row in self.hotel.reservations.in_use() if row["State"] == "Started" and row["AccountId"] in cards
        ]
        for index, stay in enumerate(stays[::_PREAUTHORIZED]):
            chargeable = index % 3 != 2
            self.hotel.preauthorizations.add(
                {
                    "Id": self.ids.new(),
                    "CreditCardId": cards[stay["AccountId"]]["Id"],
                    "Amount": amount(Decimal(150)),
                    "State": "Chargeable" if chargeable else "Expired",
                    "ReservationId": stay["Id"],
                    "Code": f"{self.ids.random.randrange(10**5, 10**6)}",
                    "CustomerId": stay["AccountId"],
                    "IsActive": chargeable,
                }
            )

    def _shared_rooms(self) -> None:
        """Some who booked a stay of their own also share another's room."""
        stays = [row for row in self.hotel.reservations.in_use() if row["State"] in {"Started", "Confirmed"}]
        for stay, other in zip(stays[::_SHARED], stays[1::_SHARED], strict=False):
            if stay["AccountId"] != other["AccountId"]:
                self.hotel.companions[stay["Id"]] = [other["AccountId"]]


def furnish(hotel: Hotel, seed: int) -> None:
    """Add the back office to a hotel whose guests are laid.

    Args:
        hotel: The hotel.
        seed: The hotel's seed; its own stream of ids is drawn from it.
    """
    _Office(hotel, Ids(seed ^ _ANOTHER_STREAM)).furnish()
