"""What is the same for every property: languages, taxes; and the property's own rates of exchange."""

from decimal import Decimal
from itertools import permutations
from typing import Any

from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.money import PRECISION, RATES, SALES_TAX_CODE, TAXES, VAT_CODE
from deskpay.sandbox.world import World

Row = dict[str, Any]

# Code, the language it falls back on, its name in English and its own.
_LANGUAGES = (
    ("en-GB", "en-US", "English (United Kingdom)", "English (United Kingdom)"),
    ("en-US", None, "English (United States)", "English (United States)"),
    ("cs-CZ", "en-US", "Czech", "Čeština"),
    ("de-DE", "en-US", "German", "Deutsch"),
    ("es-ES", "en-US", "Spanish", "Español"),
    ("fr-FR", "en-US", "French", "Français"),
    ("it-IT", "en-US", "Italian", "Italiano"),
    ("nl-NL", "en-US", "Dutch", "Nederlands"),
    ("pl-PL", "en-US", "Polish", "Polski"),
    ("zh-CN", "en-US", "Chinese (Simplified)", "中文"),
)
_SINCE = "2022-04-01T00:00:00Z"
# Code and country of an environment, and the taxation it holds.
_ENVIRONMENTS = (("UK-2022", "GBR", "UK-2022"), ("US-DC-2023", "USA", "US-DC-2023"))
_TAXATIONS = (("UK-2022", "VAT", "VAT"), ("US-DC-2023", "Sales tax", "Sales tax"))
_RATES = (
    (VAT_CODE, "UK-2022", TAXES[VAT_CODE]),
    ("UK-2022-Z", "UK-2022", Decimal(0)),
    (SALES_TAX_CODE, "US-DC-2023", TAXES[SALES_TAX_CODE]),
)
# Rates of exchange are told to seven decimals, as in the docs' sample.
_FINEST = Decimal("0.0000001")


def get_currencies(_world: World, _body: Row) -> Row:
    """currencies/getAll."""
    return {"Currencies": [{"Code": code, "Precision": precision} for code, precision in PRECISION.items()]}


def get_languages(_world: World, _body: Row) -> Row:
    """languages/getAll."""
    names = ("Code", "FallbackLanguageCode", "EnglishName", "LocalName")
    return {"Languages": [dict(zip(names, row, strict=True)) for row in _LANGUAGES]}


def get_tax_environments(_world: World, _body: Row) -> Row:
    """taxEnvironments/getAll."""
    return {
        "TaxEnvironments": [
            {
                "Code": code,
                "CountryCode": country,
                "ValidityStartUtc": _SINCE,
                "ValidityEndUtc": None,
                "TaxationCodes": [taxation],
            }
            for code, country, taxation in _ENVIRONMENTS
        ]
    }


def get_taxations(_world: World, _body: Row) -> Row:
    """taxations/getAll."""
    names = ("Code", "Name", "LocalName")
    return {
        "Taxations": [dict(zip(names, row, strict=True)) for row in _TAXATIONS],
        "TaxRates": [
            {
                "Code": code,
                "TaxationCode": taxation,
                "Value": value,
                "ValidityInvervalsUtc": None,  # spelled as Mews spells it
                "Strategy": {"Discriminator": "Relative", "Value": {"Value": value}},
            }
            for code, taxation, value in _RATES
        ],
    }


def get_exchange_rates(world: World, body: Row) -> Row:
    """exchangeRates/getAll: between all currencies the property accepts, for display only."""
    rates = [
        {
            "Id": derived(hotel.enterprise_id, f"{source} in {target}"),
            "EnterpriseId": hotel.enterprise_id,
            "SourceCurrency": source,
            "TargetCurrency": target,
            "Value": (RATES[target] / RATES[source]).quantize(_FINEST),
        }
        for hotel in world.hotel.members
        for source, target in permutations([row["Currency"] for row in hotel.enterprise["Currencies"]], 2)
    ]
    for name, key in (("Ids", "Id"), ("EnterpriseIds", "EnterpriseId")):
        if body.get(name) is not None:
            wanted = {row_id.lower() for row_id in body[name]}
            rates = [row for row in rates if row[key] in wanted]
    return {"ExchangeRates": rates}
