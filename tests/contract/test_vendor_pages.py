"""The vendor's own sample pages against the training vault: only the script's address is another.

The pages are those of `datatrans/secure-fields-sample` (MIT), untouched. Those that begin with a transaction of the
vendor's gateway, for wallets and for showing a card, are left out: nothing here stands in for that gateway.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

from deskpay.sandbox.fields import Redeemed
from tests.contract.browser import Browser
from tests.contract.sandbox.running import Running
from tests.e2e.capture_stage import serve
from tests.kit.loops import CoroutineRunner

SAMPLES = Path(__file__).resolve().parents[1] / "vectors" / "secure-fields"
VENDOR = "https://pay.sandbox.datatrans.com"
CARDS, ACCOUNTS = "1100007006", "1000001115"
BOTH_READY = "window.raw && raw.filter(function (m) { return m.messageType === 'fieldReady'; }).length === 2"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Site:
    """The vendor's pages on one loopback host, and the training hotel on its own."""

    def __init__(self, running: Running, address: str) -> None:
        self.vault = running.world.vault
        self.now = running.world.clock.now()
        self.fields = running.listeners.fields_origin
        self.address = address

    def page(self, name: str, interceptor: QWebEngineUrlRequestInterceptor | None = None) -> Browser:
        return Browser(f"{self.address}/pciproxy-examples/{name}.html", interceptor=interceptor)

    def redeem(self, transaction_id: str, merchant_id: str) -> Redeemed:
        return self.vault.redeem(transaction_id, merchant_id, self.now)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        running = Running()
        stack.callback(running.stop)

        async def answer(request: Request) -> Response:
            path = SAMPLES / request.path_params["path"]
            if not path.is_file():  # the pages' pictures are not kept here
                return Response(status_code=404)
            text = path.read_text(encoding="utf-8").replace(VENDOR, running.listeners.fields_origin)
            return Response(text, media_type=KINDS[path.suffix])

        yield Site(running, stack.enter_context(serve(Starlette(routes=[Route("/{path:path}", answer)]), "127.0.0.1")))


async def result(browser: Browser) -> str:
    """The id the page shows after its button was pressed."""
    await browser.evaluate("document.getElementById('form-submit').click()")
    await browser.until("document.getElementById('form-result').innerText !== ''")
    shown = re.search(r"\(transactionId: (\d{18})\)", await browser.evaluate("document.body.innerText"))
    assert shown
    return shown[1]


async def enter(browser: Browser, field: str, text: str) -> None:
    """Press on a field, as its page wants it, and type."""
    await browser.type_in(field, text, focus=f"secureFields.focus('{field}')")


@pytest.mark.parametrize("name", ["index", "inline-example", "floating-label"])
def test_a_card_goes_through_the_vendors_page(run: CoroutineRunner, site: Site, name: str) -> None:
    async def act() -> None:
        async with site.page(name) as browser:
            await enter(browser, "cardNumber", "4242424242424242")
            await browser.until("document.querySelector('.secure-field__is-recognized [src$=\"VIS.svg\"]') !== null")
            if await browser.evaluate("Boolean(document.getElementById('expiry'))"):
                await browser.evaluate("document.getElementById('expiry').focus()")
                keyboard = browser.view.focusProxy()
                assert keyboard is not None
                QTest.keyClicks(keyboard, "0428")
                await browser.until("/^04 ?\\/ ?28$/.test(document.getElementById('expiry').value)")
            await enter(browser, "cvv", "123")
            redeemed = site.redeem(await result(browser), CARDS)
            assert (redeemed.outcome, redeemed.brand, redeemed.masked_number) == ("ok", "VIS", "424242xxxxxx4242")
            assert redeemed.expiry == (None if name == "floating-label" else (4, 2028))

    run(act())


def test_an_empty_form_is_marked_by_the_page(run: CoroutineRunner, site: Site) -> None:
    async def act() -> None:
        async with site.page("floating-label") as browser:
            await browser.until(BOTH_READY)
            await browser.evaluate("document.getElementById('form-submit').click()")
            await browser.until("document.querySelectorAll('.secure-field__has-error').length === 2")
            assert await browser.evaluate("document.getElementById('form-result').innerText") == ""

    run(act())


@pytest.mark.parametrize(
    ("name", "entered"),
    [
        ("iban", {"iban": "DE85123456781234512345"}),
        ("account", {"accountNumber": "31510604", "branchCode": "100000"}),
    ],
)
def test_a_bank_account_goes_through_and_is_no_card(
    run: CoroutineRunner, site: Site, name: str, entered: dict[str, str]
) -> None:
    async def act() -> None:
        async with site.page(name) as browser:
            for field, text in entered.items():
                await enter(browser, field, text)
            assert site.redeem(await result(browser), ACCOUNTS) == Redeemed("not_found")

    run(act())


class Listing(QWebEngineUrlRequestInterceptor):
    """Writes down where a page asks for anything."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts: set[str] = set()

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        self.hosts.add(info.requestUrl().authority())


def test_the_frames_are_on_another_host_and_nobody_else_is_asked(run: CoroutineRunner, site: Site) -> None:
    async def act() -> None:
        listing = Listing()
        async with site.page("floating-label", listing) as browser:
            await browser.until(BOTH_READY)
            page, vault = (address.removeprefix("http://") for address in (site.address, site.fields))
            assert listing.hosts == {page, vault}
            assert page.split(":")[0] != vault.split(":")[0]
            frames = await browser.evaluate("[].map.call(document.querySelectorAll('iframe'), f => f.src).join(' ')")
            assert [frame.split("/upp/")[0] for frame in frames.split()] == [site.fields] * 2

    run(act())
