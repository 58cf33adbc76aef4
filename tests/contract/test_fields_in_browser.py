"""The documented behaviour of the hosted fields, seen by a plain host page in the real engine.

The page is not DeskPay's: what is asked here is what any integrator may expect, and the stand-in has to keep it.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from deskpay.sandbox.fields.cards import CARDS
from tests.contract.browser import Browser as PlainBrowser
from tests.e2e.capture_stage import VaultHost, serve_vault
from tests.kit.loops import CoroutineRunner

MERCHANT = "1100007006"
NUMBER = "4242424242424242"

PAGE = """<!doctype html><body>
<div id="n" style="width:300px;height:30px"></div><div id="c" style="width:90px;height:30px"></div>
<script src="PAY/upp/payment/js/secure-fields-2.0.0.js"></script>
<script>
var said = [], sf;
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


class Browser(PlainBrowser):
    """A plain browser window on the page above."""

    def __init__(self, host: VaultHost) -> None:
        super().__init__("http://127.0.0.1/", PAGE.replace("PAY", host.address))

    async def last(self, name: str) -> Any:
        await self.until(f"heard('{name}').length > 0")
        return json.loads(await self.evaluate(f"last('{name}')"))

    async def start(self, merchant: str = MERCHANT, fields: str = FIELDS, options: str = "{}") -> None:
        await self.evaluate(f"start('{merchant}', {fields}, {options}); 1")
        await self.until("heard('ready').length === 1")

    async def type_into(self, field: str, text: str) -> None:
        await self.type_in(field, text, focus=f"sf.focus('{field}')")


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
            await browser.type_into("cardNumber", NUMBER)
            change = await browser.last("change")
            assert change["fields"]["cardNumber"]["paymentMethod"] == "VIS"
            assert change["event"]["type"] in {"keyDown", "keyUp"}
            assert change["event"]["eventData"] == {"isNumber": True}
            await browser.type_into("cvv", "123")
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
                await browser.evaluate("window.sf && sf.destroy(); said = []; raw = []; 1")
                await browser.start(fields="{cardNumber: 'n'}")
                await browser.type_into("cardNumber", number)
                field = (await browser.last("change"))["fields"]["cardNumber"]
                assert (field["paymentMethod"], field["valid"]) == (brand, True), number

    run(act())


def test_a_card_without_code_field_and_a_restricted_brand(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start(fields="{cardNumber: 'n'}")
            await browser.type_into("cardNumber", NUMBER)
            await browser.evaluate("sf.submit({})")
            assert (await browser.last("success"))["transactionId"]
            await browser.evaluate("sf.destroy(); said = []; raw = []; 1")
            await browser.start(fields="{cardNumber: 'n'}", options="{paymentMethods: ['ECA']}")
            await browser.type_into("cardNumber", NUMBER)
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
            await browser.type_into("cardNumber", "4")
            keyboard = browser.view.focusProxy()
            assert keyboard is not None
            QTest.keyClick(keyboard, Qt.Key.Key_Tab)
            await browser.until("heard('change').some(function (c) { return c.event.field === 'cvv'; })")

    run(act())


def test_the_code_s_frame_follows_the_number_s_with_its_form(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.evaluate(f"start('{MERCHANT}', {FIELDS}, {{paymentMethods: ['VIS', 'ECA']}}); 1")
            assert await browser.evaluate("document.querySelectorAll('iframe').length") == 1
            await browser.until("heard('ready').length === 1")
            sources = await browser.evaluate("[].map.call(document.querySelectorAll('iframe'), f => f.src).join(' ')")
            number, code = (parse_qsl(urlsplit(source).query, keep_blank_values=True) for source in sources.split())
            shared = [("version", "2.0.0"), ("paymentMethods", "VIS,ECA"), ("fieldNames", "cardNumber,cvv")]
            assert number[:-1] == [
                *(("mode", "TOKENIZE"), ("merchantId", MERCHANT), ("fieldName", "cardNumber"), ("formId", "")),
                *shared,
            ]
            assert [name for name, _ in code] == [
                *("mode", "merchantId", "fieldName", "formId", "ariaLabel", "inputType"),
                *("version", "paymentMethods", "fieldNames", "instanceId"),
            ]
            assert re.fullmatch(r"\d{18}", dict(code)["formId"])

    run(act())


def test_calls_have_the_documented_traps(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            for early in ("setStyle('cvv', 'color: red')", "setPlaceholder('cvv', 'x')", "focus('cvv')"):
                caught = f"try {{ new SecureFields().{early}; 'silent' }} catch (e) {{ e.name }}"
                assert await browser.evaluate(caught) == "TypeError", early
            assert await browser.evaluate("new SecureFields().setPlaceholder('unheard', 'x'); 1") == 1
            for other in ("init", "initPay", "initRegister"):
                await browser.evaluate(
                    f"sf = new SecureFields(); sf.on('error', e => refused = e); sf.{other}('1', {{}})"
                )
                refused = json.loads(await browser.evaluate("JSON.stringify(refused)"))
                assert refused == {"action": "init", "error": f"{other} is not emulated by the test vault"}
            await browser.start()
            await browser.evaluate(
                "sf.on('validate', function () {}); sf.on('validate', s => replaced = s); sf.submit()"
            )
            await browser.until("typeof replaced === 'object'")
            assert await browser.evaluate("heard('validate').length") == 0  # one handler for an event, the last

    run(act())


def test_a_callback_gets_the_raw_answer_and_the_event_does_not_come(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start(fields="{cardNumber: 'n'}")
            await browser.type_into("cardNumber", NUMBER)
            await browser.evaluate("sf.getCardInfo()")
            facts = await browser.last("cardInfo")
            assert (facts["maskedCard"], facts["paymentMethod"]) == ("424242xxxxxx4242", "VIS")
            await browser.evaluate("sf.submit({}, function (answer) { called = answer; })")
            await browser.until("typeof called === 'object'")
            called = json.loads(await browser.evaluate("JSON.stringify(called)"))
            assert called["result"] == "success"
            assert await browser.evaluate("heard('success').length") == 0

    run(act())


def test_styles_and_focus_are_set_before_ready_and_the_mark_stays(run: CoroutineRunner, host: VaultHost) -> None:
    look = """(function () {
        var style = getComputedStyle(document.getElementById('field'));
        return JSON.stringify([style.color, style.backgroundImage, document.getElementById('mark').offsetWidth > 0]);
    })()"""
    styles = "{'*': 'color: rgb(1, 2, 3); background: url(x)', '#mark': 'display: none', 'mark': 'display: none'}"

    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start(options=f"{{styles: {styles}, focus: 'cvv'}}")
            assert await browser.evaluate("document.activeElement.title") == "Code"
            (frame, _) = browser.page.mainFrame().children()
            seen: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            frame.runJavaScript(look, seen.set_result)
            assert json.loads(await seen) == ["rgb(1, 2, 3)", "none", True]

    run(act())


def test_a_code_is_as_long_as_its_brand_wants_and_two_brands_on_one_card_are_told(
    run: CoroutineRunner, host: VaultHost
) -> None:
    async def act() -> None:
        async with Browser(host) as browser:
            await browser.start()
            await browser.type_into("cvv", "1234")
            assert (await browser.last("change"))["fields"]["cvv"]["valid"] is False
            await browser.type_into("cardNumber", "375811111111115")
            assert (await browser.last("change"))["fields"]["cvv"] == {"length": 4, "valid": True, "required": True}
            # Clearing tells no change. The frame takes its messages in order, so an answer to the next one proves that
            # the field is empty; digits typed before that would be cleared too.
            await browser.evaluate("sf.clear('cardNumber'); sf.validate(); 1")
            await browser.until("heard('validate').length === 1")
            await browser.type_into("cardNumber", "4035501000000008")
            change = await browser.last("change")
            assert change["fields"]["cardNumber"]["coBrand"] == "CBL"
            assert change["fields"]["cvv"] == {"length": 3, "valid": True, "required": True}

    run(act())
