"""The training hotel under as many requests as forty desks make in a week: it must not fill the machine."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.hotel_speed import SIMPLE, Asking
from tests.kit.hotel import running_sandbox

REQUESTS = 200_000
WARM_UP = 5_000
MOST_GROWTH = 0.10
_UTC = "%Y-%m-%dT%H:%M:%SZ"
EVERY = 1_000  # so many questions to one charge, which is kept and so may cost memory


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("size", ["small", "large"])
def test_two_hundred_thousand_requests_grow_no_tenth(tmp_path: Path, size: str) -> None:
    with running_sandbox(tmp_path / "ready.json", "--size", size, "--rate-limit", "0") as hotel:
        asking = Asking(hotel)
        page: dict[str, object] = {"Limitation": {"Count": 5}}
        today = datetime.now(UTC)
        window = {"StartUtc": f"{today - timedelta(days=1):{_UTC}}", "EndUtc": f"{today:{_UTC}}"}
        guest = json.loads(asking.ask("customers/search", {"Name": "Pepperwick", "Extent": {"Customers": True}}))
        customer_id = guest["Customers"][0]["Customer"]["Id"]
        cards = json.loads(asking.ask("creditCards/getAll", {"CustomerIds": [customer_id], **page}))
        visa = next(card for card in cards["CreditCards"] if card["ObfuscatedNumber"].endswith("1111"))
        amount = {"Currency": "GBP", "GrossValue": 1, "TaxCodes": []}
        questions = (
            SIMPLE,
            ("customers/getOpenItems", {"CustomerIds": [customer_id]}),
            ("reservations/getAll/2023-06-06", {"States": ["Started"], **page}),
            ("payments/getAll", {"CreatedUtc": window, **page}),
        )
        charge: tuple[str, dict[str, object]] = ("creditCards/charge", {"CreditCardId": visa["Id"], "Amount": amount})

        def ask(requests: int) -> None:
            for number in range(requests):
                asking.ask(*(questions[number % len(questions)] if number % EVERY else charge))

        ask(WARM_UP)
        before = _resident_kb(hotel.pid)
        ask(REQUESTS)
        after = _resident_kb(hotel.pid)
        asking.close()
    assert after < before * (1 + MOST_GROWTH), f"{before} kB became {after} kB"


def _resident_kb(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout)
