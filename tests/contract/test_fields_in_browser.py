"""The documented behaviour of the hosted fields, seen by a plain host page in the real engine.

The page is not DeskPay's: what is asked here is what any integrator may expect, and the stand-in has to keep it.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any, Self

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from deskpay.sandbox.fields.cards import CARDS
from tests.e2e.capture_stage import PATIENCE_S, VaultHost, serve_vault
from tests.kit.loops import CoroutineRunner

MERCHANT = "1100007006"
NUMBER = "4242424242424242"

PAGE = """<!doctype html><body>
<div id="n" style="width:300px;height:30px"></div><div id="c" style="width:90px;height:30px"></div>
<script src="PAY/upp/payment/js/secure-fields-2.0.0.js"></script>
<script>
var said = [], raw = [], sf;
addEventListener('message', function (e) { raw.push(e.data); });
function start(merchant, fields, options) {
  sf = new SecureFields();
  ['ready', 'change', 'validate', 'success', 'error', 'cardInfo'].forEach(function (name) {
    sf.on(name, function (value) { said.push([name, value || null]); });
  });
  sf.initTokenize(merchant, fields, options);
}
function heard(name) { return said.filter(function (s) { return s[0] === name; }).map(function (s) { return s[1]; }); }
function last(name) { return JSON.stringify(heard(name).pop() || null); }
</script>"""

FIELDS = "{cardNumber: 'n', cvv: {placeholderElementId: 'c', iframeTitle: 'Code', ariaLabel: 'CVV', inputType: 'tel'}}"


@pytest.fixture(scope="module")
def host() -> Iterator[VaultHost]:
    with serve_vault("data:", "http:", "file:") as served:
        yield served


class Browser:
    """A plain browser window on the page above."""

    def __init__(self, host: VaultHost) -> None:
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
        from PySide6.QtWebEngineWidgets import QWebEngineView

        self.window = QWidget()
        self.profile = QWebEngineProfile(self.window)
        self.view = QWebEngineView(self.window)
        self.page = QWebEnginePage(self.profile, self.view)
        self.view.setPage(self.page)
        self.page.setHtml(PAGE.replace("PAY", host.address), QUrl("http://127.0.0.1/"))
        self.window.resize(420, 120)
        self.view.resize(420, 120)
        self.window.show()
        self.window.activateWindow()

    async def __aenter__(self) -> Self:
        await self.until("typeof start === 'function' && document.readyState === 'complete'")
        return self

    async def __aexit__(self, *_exception: object) -> None:
        gone = asyncio.Event()
        self.page.destroyed.connect(gone.set)
        self.window.close()
        self.view.deleteLater()
        await gone.wait()
        self.profile.deleteLater()
        self.window.deleteLater()

    async def evaluate(self, script: str) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def take(value: Any) -> None:
            if not answer.done():
                answer.set_result(value)

        self.page.runJavaScript(script, 0, take)
        return await answer

    async def until(self, script: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not await self.evaluate(script):
                pass

    async def last(self, name: str) -> Any:
        await self.until(f"heard('{name}').length > 0")
        return json.loads(await self.evaluate(f"last('{name}')"))

    async def start(self, merchant: str = MERCHANT, fields: str = FIELDS, options: str = "{}") -> None:
        await self.evaluate(f"start('{merchant}', {fields}, {options}); 1")
        await self.until("heard('ready').length === 1")

    async def type_in(self, field: str, text: str) -> None:
        """Focus `field`, type, and wait until the frame has told of every digit."""
        self.view.setFocus()
        await self.until(
            f"document.hasFocus() && (sf.focus('{field}'), heard('change').some(function (c) "
            f"{{ return c.event.field === '{field}' && c.event.type === 'focus'; }}))"
        )
        keyboard = self.view.focusProxy()
        assert keyboard is not None
        QTest.keyClicks(keyboard, text)
        await self.until(f"heard('change').some(function (c) {{ return c.fields.{field}.length === {len(text)}; }})")


def test_globals_frames_and_ready(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            assert await browser.evaluate("JSON.stringify(datatransPaymentConfig)") == json.dumps(
                {"endpoint": host.address, "version": "2.0.0"}, separators=(",", ":")
            )
            assert not await browser.evaluate("new SecureFields() instanceof SecureFields")
            await browser.start()
            frames = json.loads(
                await browser.evaluate(
                    "JSON.stringify([].map.call(document.querySelectorAll('iframe'), function (f) {"
                    " return [f.id, f.name, f.className, f.getAttribute('sandbox'), f.title]; }))"
                )
            )
            assert [frame[0].split("--")[1] for frame in frames] == ["cardNumber", "cvv"]
            for identity, name, kind, sandbox, _ in frames:
                assert re.fullmatch(r"securefields-[a-z0-9]{9}--(cardNumber|cvv)", identity)
                assert identity == name == kind
                assert sandbox == "allow-scripts allow-same-origin allow-forms allow-popups"
            assert frames[1][4] == "Code"
            await browser.evaluate("sf.destroy()")
            assert await browser.evaluate("document.querySelectorAll('iframe').length") == 0

    run(act())


def test_an_empty_submit_is_told_by_validate_alone(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start()
            await browser.evaluate("sf.submit({})")
            state = await browser.last("validate")
            assert state["hasErrors"] is True
            assert state["fields"]["cardNumber"]["valid"] is False
            assert await browser.evaluate("heard('success').length + heard('error').length") == 0

    run(act())


def test_a_card_succeeds_once_and_no_message_holds_it(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start()
            await browser.type_in("cardNumber", NUMBER)
            change = await browser.last("change")
            assert change["fields"]["cardNumber"]["paymentMethod"] == "VIS"
            assert change["event"]["type"] in {"keyDown", "keyUp"}
            assert change["event"]["eventData"] == {"isNumber": True}
            await browser.type_in("cvv", "123")
            await browser.evaluate("sf.submit({expm: 4, expy: 28})")
            success = await browser.last("success")
            assert re.fullmatch(r"\d{18}", success["transactionId"])
            assert success["cardInfo"]["brand"] == "VISA CREDIT"
            assert "result" not in success
            await browser.evaluate("sf.submit({})")
            assert await browser.last("error") == {"action": "submit", "error": "Form expired"}
            told = re.sub(
                r'"(transactionId|formId|instanceId)":"\w+"', "", await browser.evaluate("JSON.stringify(raw)")
            )
            assert NUMBER not in told
            assert "4242 4242" not in told

    run(act())


def test_every_brand_is_recognized(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            for brand in ("VIS", "ECA", "AMX", "DIN", "DIS", "JCB", "ELO", "HPC", "CUP", "DNK"):
                number = next(number for number, card in CARDS.items() if card.brand == brand)
                await browser.evaluate("window.sf && sf.destroy(); said = []; 1")
                await browser.start(fields="{cardNumber: 'n'}")
                await browser.type_in("cardNumber", number)
                field = (await browser.last("change"))["fields"]["cardNumber"]
                assert (field["paymentMethod"], field["valid"]) == (brand, True), number

    run(act())


def test_a_card_without_code_field_and_a_restricted_brand(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start(fields="{cardNumber: 'n'}")
            await browser.type_in("cardNumber", NUMBER)
            await browser.evaluate("sf.submit({})")
            assert (await browser.last("success"))["transactionId"]
            await browser.evaluate("sf.destroy(); said = []; 1")
            await browser.start(fields="{cardNumber: 'n'}", options="{paymentMethods: ['ECA']}")
            await browser.type_in("cardNumber", NUMBER)
            await browser.evaluate("sf.submit({})")
            assert (await browser.last("validate"))["hasErrors"] is True

    run(act())


def test_a_wrong_key_and_a_missing_element(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.evaluate(f"start('3000012345', {FIELDS}, {{}}); 1")
            assert (await browser.last("error"))["action"] == "init"
            script = "try { new SecureFields().initTokenize('1', {cardNumber: 'nowhere'}) } catch (e) { e.name }"
            assert await browser.evaluate(script) == "TypeError"

    run(act())


def test_a_foreign_message_with_the_right_instance_is_ignored(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start()
            await browser.evaluate(
                "postMessage({instanceId: /-(\\w{9})--/.exec(document.querySelector('iframe').id)[1],"
                " messageType: 'submitResponse',"
                " response: {result: 'success', transactionId: '201028230732590232'}}, '*')"
            )
            await browser.until("raw.some(function (m) { return m.messageType === 'submitResponse'; })")
            assert await browser.evaluate("heard('success').length") == 0

    run(act())


def test_tab_goes_from_number_to_code(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start()
            await browser.type_in("cardNumber", "4")
            keyboard = browser.view.focusProxy()
            assert keyboard is not None
            QTest.keyClick(keyboard, Qt.Key.Key_Tab)
            await browser.until("heard('change').some(function (c) { return c.event.field === 'cvv'; })")

    run(act())
