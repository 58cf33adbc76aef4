"""Writing profiles: add and update a customer, update accounts in a batch."""

from datetime import date
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.people import Person
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.world import World

Row = dict[str, Any]

_COPIED = (
    "Title",
    "Sex",
    "FirstName",
    "LastName",
    "SecondLastName",
    "NationalityCode",
    "PreferredLanguageCode",
    "BirthDate",
    "BirthCountryCode",
    "BirthCountrySubdivisionCode",
    "BirthPlace",
    "Occupation",
    "Email",
    "Phone",
    "LoyaltyCode",
    "Notes",
    "CarRegistrationNumber",
    "DietaryRequirements",
    "TaxIdentificationNumber",
)
_ITALIAN = ("ItalianDestinationCode", "ItalianFiscalCode", "ItalianLotteryCode")
# What OverwriteExisting may overwrite: the basic personal data of a profile found by its e-mail.
_BASIC = ("Title", "Sex", "FirstName", "LastName", "SecondLastName", "NationalityCode", "Phone", "BirthDate")

# Names of accounts/update, and of the customer's and the company's own row.
_CUSTOMER = {
    "Email": "Email",
    "TaxIdentifier": "TaxIdentificationNumber",
    "BillingCode": "BillingCode",
    "AccountingCode": "AccountingCode",
    "Notes": "Notes",
    "LastName": "LastName",
    "FirstName": "FirstName",
    "SecondLastName": "SecondLastName",
    "BirthPlace": "BirthPlace",
    "Telephone": "Phone",
    "Occupation": "Occupation",
    "CarRegistrationNumber": "CarRegistrationNumber",
    "DietaryRequirements": "DietaryRequirements",
    "LoyaltyCode": "LoyaltyCode",
    "NationalityCode": "NationalityCode",
    "CompanyId": "CompanyId",
    "BirthDate": "BirthDate",
    "Sex": "Sex",
    "Title": "Title",
    "PreferredLanguageCode": "PreferredLanguageCode",
}
_LEGAL = {
    "ItDestinationCode": "ItalianDestinationCode",
    "ItFiscalCode": "ItalianFiscalCode",
    "ItLotteryCode": "ItalianLotteryCode",
}
_COMPANY = {
    "Email": "InvoicingEmail",
    "TaxIdentifier": "TaxIdentifier",
    "BillingCode": "BillingCode",
    "AccountingCode": "AccountingCode",
    "Notes": "Notes",
    "Name": "Name",
    "MotherCompanyId": "MotherCompanyId",
    "WebsiteUrl": "WebsiteUrl",
    "InvoiceDueInterval": "InvoiceDueInterval",
    "Department": "Department",
    "DunsNumber": "DunsNumber",
    "ReferenceId": "ReferenceIdentifier",
    "ExternalIdentifier": "ExternalIdentifier",
    "AdditionalTaxIdentifier": "AdditionalTaxIdentifier",
    "Contact": "Contact",
    "ContactPerson": "ContactPerson",
    "FiscalIdentifier": "FiscalIdentifier",
    "Iata": "Iata",
    "Telephone": "Telephone",
    "SourceId": "SourceId",
}
_ENUMS = {"Sex": "customers.md#sex", "Title": "customers.md#title"}


def add_customer(world: World, body: Row) -> Row:
    """customers/add: a new profile, or the one that has this e-mail, where that may be overwritten."""
    hotel = world.hotel
    if not body["LastName"].strip():
        raise invalid("LastName")
    _check_company(hotel, body.get("CompanyId"), "CompanyId")
    now = utc_text(world.clock.now())
    existing = _with_email(hotel, body.get("Email"))
    if existing is not None:
        if not body["OverwriteExisting"]:
            raise refused("A customer with the same email address already exists.")
        basic = {name: body[name] for name in _BASIC if body.get(name) is not None}
        return _touch(hotel, existing, basic, now)
    number = 1 + max((int(row["Number"]) for row in hotel.customers.in_use()), default=0)
    row = rows.customer(
        str(uuid4()),
        hotel.enterprise["ChainId"],
        number,
        Person(body.get("FirstName") or "", body["LastName"]),
        by=hotel.user_id,
        created=now,
    )
    row |= {name: body.get(name) for name in (*_COPIED, *_ITALIAN)} | _employer(body)
    row |= {"LanguageCode": body.get("PreferredLanguageCode")} | _listed(body)
    row |= {"AddressId": str(uuid4())} if body.get("Address") is not None else {}
    return hotel.customers.add(row)


def update_customer(world: World, body: Row) -> Row:
    """customers/update: what is left out stays as it is."""
    hotel = world.hotel
    customer = hotel.customers.get(body["CustomerId"])
    if customer is None:
        raise invalid("CustomerId")
    if body.get("LastName") is not None and not body["LastName"].strip():
        raise invalid("LastName")
    _check_email(hotel, customer, body.get("Email"))
    _check_company(hotel, body.get("CompanyId"), "CompanyId")
    changes = {name: body[name] for name in _COPIED if body.get(name) is not None} | _employer(body)
    changes |= {name: body[name].get("Value") for name in _ITALIAN if body.get(name) is not None} | _listed(body)
    if body.get("Address") is not None and customer["AddressId"] is None:
        changes["AddressId"] = str(uuid4())
    return _touch(hotel, customer, changes, utc_text(world.clock.now()))


def update_accounts(world: World, body: Row) -> Row:
    """accounts/update: all of them, or none when one is refused."""
    hotel = world.hotel
    planned = [_planned(hotel, given) for given in body["AccountUpdates"]]
    now = utc_text(world.clock.now())
    for row, changes in planned:
        _touch(hotel, row, changes, now)
    kinds = [given["Discriminator"] for given in body["AccountUpdates"]]
    return {"Accounts": [_shown(kind, row) for kind, (row, _) in zip(kinds, planned, strict=True)]}


def _planned(hotel: Hotel, given: Row) -> tuple[Row, Row]:
    """The row an update is about and its changes, checked before anything is changed."""
    kind = given["Discriminator"]
    row = (hotel.customers if kind == "Customer" else hotel.companies).get(given["Id"])
    if row is None:
        raise invalid("Id")
    asked = given.get(kind)
    if asked is None:
        raise invalid(kind)
    changes = _values(asked, _CUSTOMER if kind == "Customer" else _COMPANY)
    for name in ("LastName", "Name"):
        if name in changes and not (changes[name] or "").strip():
            raise invalid(name)
    if kind == "Company":
        _check_company(hotel, changes.get("MotherCompanyId"), "MotherCompanyId")
        return row, changes | _company_switches(row, asked)
    _check_email(hotel, row, changes.get("Email"))
    _check_company(hotel, changes.get("CompanyId"), "CompanyId")
    _check_words(changes)
    changes |= _values(asked.get("LegalEntityIdentifiers") or {}, _LEGAL)
    for group in ("Options", "Classifications"):
        switched = _switched(asked.get(group))
        kept = [word for word in row[group] if word not in switched and word != "None"]
        changes[group] = [*kept, *(word for word, on in switched.items() if on)]
    return row, changes


def _company_switches(row: Row, asked: Row) -> Row:
    changes = {group: row[group] | _switched(asked.get(group)) for group in ("Options", "Classifications")}
    rating = asked.get("CreditRatingBasic")
    return changes | ({"CreditRating": {"Basic": rating}} if rating is not None else {})


def _values(asked: Row, names: Row) -> Row:
    """What update values set; null clears, a value left out keeps. Ids are kept as every id is, in lower case."""
    values = {own: asked[name].get("Value") for name, own in names.items() if asked.get(name) is not None}
    return {own: value.lower() if value and own.endswith("Id") else value for own, value in values.items()}


def _switched(asked: Row | None) -> dict[str, bool]:
    return {word: given["Value"] for word, given in (asked or {}).items() if (given or {}).get("Value") is not None}


def _check_words(changes: Row) -> None:
    """Values that travel as free strings here, but are words, dates or codes on the profile."""
    for name, ref in _ENUMS.items():
        if changes.get(name) is not None and changes[name] not in contract().enums[ref]:
            raise invalid(name)
    if changes.get("BirthDate") is not None:
        try:
            date.fromisoformat(changes["BirthDate"])
        except ValueError as error:
            raise invalid("BirthDate") from error


def _touch(hotel: Hotel, row: Row, changes: Row, now: str) -> Row:
    """Change `row` for good; it is returned with its marks of change."""
    row |= changes | {"UpdatedUtc": now, "UpdaterProfileId": hotel.user_id}
    return row


def _employer(body: Row) -> Row:
    return {"CompanyId": body["CompanyId"].lower()} if body.get("CompanyId") is not None else {}


def _listed(body: Row) -> Row:
    return {name: list(body[name]) for name in ("Classifications", "Options") if body.get(name) is not None}


def _with_email(hotel: Hotel, email: str | None) -> Row | None:
    if email is None:
        return None
    wanted = email.casefold()
    same = hotel.customers.select(
        {"Email": frozenset({wanted})}, {}, lambda row: (row["Email"] or "").casefold() == wanted
    )
    return next(iter(same), None)


def _check_email(hotel: Hotel, customer: Row, email: str | None) -> None:
    other = _with_email(hotel, email)
    if other is not None and other["Id"] != customer["Id"]:
        raise refused("A customer with the same email address already exists.")


def _check_company(hotel: Hotel, company_id: str | None, name: str) -> None:
    if company_id is not None and hotel.companies.get(company_id) is None:
        raise invalid(name)


def _shown(kind: str, row: Row) -> Row:
    """The profile in the shape of accounts/update."""
    if kind == "Company":
        named = {name: row[own] for name, own in _COMPANY.items()}
        profile = contract().shown("accounts.md#company", row) | named
        profile |= {"CreditRatingBasic": row["CreditRating"]["Basic"]}
        return {"Id": row["Id"], "Discriminator": kind, "Customer": None, "Company": profile}
    named = {name: row[own] for name, own in _CUSTOMER.items()}
    profile = contract().shown("accounts.md#customer", row) | named
    for group in ("Options", "Classifications"):
        words = contract().objects[f"accounts.md#customer-{group.lower()}"]
        profile[group] = {word: word in row[group] for word in words}
    profile["LegalEntityIdentifiers"] = {name: row[own] for name, own in _LEGAL.items()}
    profile["BirthDate"] = f"{row['BirthDate']}T00:00:00Z" if row["BirthDate"] else None
    return {"Id": row["Id"], "Discriminator": kind, "Customer": profile, "Company": None}
