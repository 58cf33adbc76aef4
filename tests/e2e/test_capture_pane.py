"""The pane with the real web engine against the test vault, as a clerk meets it."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, FailureReason, Limits, State
from deskpay.ui.theme import Scheme, load_tokens
from tests.e2e.capture_stage import MERCHANT, Stage, VaultHost, serve_vault
from tests.kit.loops import CoroutineRunner

SHORT = Limits(load_s=2.0, submit_s=2.0)


@pytest.fixture(scope="module")
def served() -> Iterator[VaultHost]:
    with serve_vault("deskpay://capture") as host:
        yield host


@pytest.fixture
def host(served: VaultHost) -> VaultHost:
    served.vault.reset()
    return served


def test_a_card_is_captured(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            card = await stage.capture()
            assert isinstance(card, CapturedCard)
            assert card.brand == "VIS"
            redeemed = host.vault.redeem(card.transaction_id, MERCHANT, datetime.now(UTC))
            assert (redeemed.outcome, redeemed.masked_number) == ("ok", "424242xxxxxx4242")
            assert redeemed.expiry == (4, 2028)
            assert stage.pane.state is State.DONE
            assert stage.names().count("captured") == 1
            assert stage.pane._engine is None

    run(act())


def test_an_empty_submit_names_the_field_and_the_form_goes_on(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            stage.pane.submit(4, 2028)
            assert await stage.next("rejected") == "number"
            assert "not valid" in await stage.evaluate("document.getElementById('error').textContent")
            assert stage.pane.state is State.READY
            await stage.type_card("5200000000000007", "123")
            assert await stage.evaluate("document.getElementById('error').textContent") == ""
            stage.pane.submit(4, 2028)
            assert (await stage.outcome()).brand == "ECA"

    run(act())


def test_a_second_submit_takes_no_second_card(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            await stage.type_card("4242424242424242", "123")
            stage.pane.submit(4, 2028)
            stage.pane.submit(4, 2028)
            await stage.outcome()
            stage.pane.submit(4, 2028)
            assert len(host.vault._tokens) == 1

    run(act())


def test_a_second_card_gets_a_form_of_its_own(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            first = await stage.capture()
            second = await stage.capture("375811111111115", "1234")
            assert second.brand == "AMX"
            assert second.transaction_id != first.transaction_id

    run(act())


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4900000000007032", FailureReason.REFUSED),
        ("4900000000007040", FailureReason.EXPIRED_FORM),
        ("4900000000007057", FailureReason.REFUSED),
        ("4900000000007115", FailureReason.MALFORMED),
        ("4900000000007123", FailureReason.MALFORMED),
        ("4111111111111111", FailureReason.REFUSED),
    ],
)
def test_a_bad_answer_ends_the_capture(
    run: CoroutineRunner, host: VaultHost, number: str, reason: FailureReason
) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            assert await stage.capture(number) == CaptureFailure(reason, while_submitting=True)
            assert stage.pane._engine is None
            assert "Nothing was saved" in stage.pane._message.text()

    run(act())


@pytest.mark.parametrize("number", ["4900000000007065", "4900000000007131"])
def test_a_vault_that_never_answers_is_given_up(run: CoroutineRunner, host: VaultHost, number: str) -> None:
    async def act() -> None:
        async with Stage(host, Limits(submit_s=1.0)) as stage:
            assert await stage.capture(number) == CaptureFailure(FailureReason.TIMED_OUT, while_submitting=True)

    run(act())


@pytest.mark.parametrize("number", ["4900000000007081", "4900000000007099", "4900000000007107"])
def test_odd_card_facts_and_doubled_answers_make_one_card(run: CoroutineRunner, host: VaultHost, number: str) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            assert (await stage.capture(number)).brand == "VIS"
            assert stage.names().count("captured") == 1

    run(act())


def test_a_missing_script_is_told_at_once_and_can_be_tried_again(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            host.vault.script_available = False
            stage.pane.open(MERCHANT)
            assert await stage.outcome() == CaptureFailure(FailureReason.UNREACHABLE, while_submitting=False)
            host.vault.script_available = True
            stage.pane._retry.click()
            await stage.next("ready")

    run(act())


@pytest.mark.parametrize("merchant_id", ["1100000001", "1100000002"])
def test_silent_frames_are_given_up(run: CoroutineRunner, host: VaultHost, merchant_id: str) -> None:
    async def act() -> None:
        async with Stage(host, SHORT) as stage:
            stage.pane.open(merchant_id)
            assert await stage.outcome() == CaptureFailure(FailureReason.UNREACHABLE, while_submitting=False)

    run(act())


@pytest.mark.parametrize("merchant_id", ["1100000000", "3000012345", ""])
def test_a_refused_key_is_told(run: CoroutineRunner, host: VaultHost, merchant_id: str) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            stage.pane.open(merchant_id)
            assert await stage.outcome() == CaptureFailure(FailureReason.REFUSED, while_submitting=False)

    run(act())


def test_a_crash_of_the_engine_ends_the_capture_only(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            assert stage.pane._engine is not None
            os.kill(stage.pane._engine._page.renderProcessPid(), signal.SIGKILL)
            assert await stage.outcome() == CaptureFailure(FailureReason.CRASHED, while_submitting=False)
            await stage.capture()

    run(act())


def test_an_idle_form_is_loaded_anew(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host, Limits(idle_s=0.3, grace_s=0.0)) as stage:
            await stage.open()
            first = stage.pane._engine
            await stage.next("ready")
            assert stage.pane._engine is not first
            assert stage.pane.state is State.READY

    run(act())


def test_tab_goes_through_the_fields_and_out_at_both_ends(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            stage.above.setFocus()
            QTest.keyClick(stage.above, Qt.Key.Key_Tab)
            await stage.until_focused("number")
            QTest.keyClick(stage.keyboard, Qt.Key.Key_Tab)
            await stage.until_focused("code")
            QTest.keyClick(stage.keyboard, Qt.Key.Key_Tab)
            await stage.until("!document.querySelector('#field-code').classList.contains('focused')")
            assert stage.below.hasFocus()
            QTest.keyClick(stage.below, Qt.Key.Key_Backtab)
            await stage.until_focused("code")
            QTest.keyClick(stage.keyboard, Qt.Key.Key_Backtab)
            await stage.until_focused("number")
            QTest.keyClick(stage.keyboard, Qt.Key.Key_Backtab)
            await stage.until("!document.querySelector('#field-number').classList.contains('focused')")
            assert stage.above.hasFocus()

    run(act())


@pytest.mark.parametrize("keys", ["Ctrl+Return", "F6", "Esc"])
def test_the_dialog_s_keys_work_while_the_fields_have_the_keyboard(
    run: CoroutineRunner, host: VaultHost, keys: str
) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            pressed: list[str] = []
            QShortcut(QKeySequence(keys), stage.window).activated.connect(lambda: pressed.append(keys))
            await stage.open()
            await stage.focus("number")
            QTest.keySequence(stage.keyboard, QKeySequence(keys))
            assert pressed == [keys]

    run(act())


def test_nothing_foreign_is_loaded(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        with serve_vault("deskpay://capture") as foreign:
            async with Stage(host) as stage:
                await stage.open()
                await stage.evaluate(
                    f"""
                    window.blocked = [];
                    document.addEventListener('securitypolicyviolation', (e) => blocked.push(e.effectiveDirective));
                    for (const [tag, source] of [['script', '{foreign.address}/upp/payment/js/secure-fields-2.0.0.js'],
                                                 ['iframe', '{foreign.address}/'], ['img', '{host.address}/x.png']]) {{
                        const element = document.createElement(tag);
                        element.src = source;
                        document.body.appendChild(element);
                    }}
                    fetch('{foreign.address}/').catch(() => 0);
                    """
                )
                await stage.until("blocked.length >= 4")
                directives = await stage.evaluate("[...new Set(blocked)].sort().join(' ')")
                assert directives == "connect-src frame-src img-src script-src-elem"
                assert await stage.evaluate("try { eval('1') } catch (refused) { refused.name }") == "EvalError"

    run(act())


def test_the_interceptor_holds_where_the_policy_of_the_page_would_not(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            await stage.evaluate("location.href = 'https://evil.example/'")
            await stage.evaluate("location.href = 'file:///etc/hostname'")
            await stage.evaluate("window.open('https://evil.example/')")
            await stage.evaluate("location.reload()")
            assert await stage.evaluate("location.href") == "deskpay://capture/"
            assert await stage.evaluate("document.querySelectorAll('iframe').length") == 2

    run(act())


def test_a_forged_message_is_ignored(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            await stage.type_card("4242424242424242", "123")
            nonce = "x" * 32
            await stage.evaluate(f"location.href = 'deskpay://capture/done?n={nonce}&t=201028230732590232&b=VIS'")
            await stage.evaluate("location.href = 'deskpay://capture/done'")
            stage.pane.submit(4, 2028)
            assert (await stage.outcome()).transaction_id != "201028230732590232"

    run(act())


def test_a_closed_pane_forgets_and_can_be_opened_again(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            stage.pane.close_pane()
            assert stage.pane.state is None
            assert stage.pane._engine is None
            stage.pane.submit(4, 2028)
            stage.pane.close_pane()
            await stage.open()

    run(act())


def test_a_destroyed_dialog_takes_the_browser_with_it(
    run: CoroutineRunner, host: VaultHost, qapp: QApplication
) -> None:
    async def act() -> None:
        stage = Stage(host)
        await stage.open()
        stage.window.close()
        stage.window.deleteLater()
        await stage.scope.close()
        qapp.sendPostedEvents()

    run(act())


def test_the_page_follows_the_theme(run: CoroutineRunner, host: VaultHost) -> None:
    async def act() -> None:
        async with Stage(host) as stage:
            await stage.open()
            dark = load_tokens(Scheme.DARK)
            stage.pane.set_theme(dark)
            surface = dark.color("bg.surface")
            written = f"rgb({surface.red()}, {surface.green()}, {surface.blue()})"
            assert await stage.evaluate("getComputedStyle(document.body).backgroundColor") == written

    run(act())
