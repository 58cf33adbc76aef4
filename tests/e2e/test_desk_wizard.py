"""The way in for real hotels: tested first, kept only then; hosts that are pinned; the first person of a hotel."""

from dataclasses import replace
from pathlib import Path

import pytest

from deskpay.app.connection import PayMongoAccount
from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment
from deskpay.domain.operator import Role
from deskpay.domain.security import SecurityKind
from deskpay.fleet_policy import FleetPolicy
from deskpay.journal.roster import FileRoster
from deskpay.journal.seal import Seal
from deskpay.ui.components.text import Text
from tests.e2e.desk_stage import AtDesk, Key, connection_to
from tests.kit.hotel import Hotel
from tests.kit.keyrings import MemoryKeyring
from tests.kit.loops import CoroutineRunner


class WithKeyring(AtDesk):
    """A desk of a computer that has a keyring."""

    def use(self, ring: MemoryKeyring) -> None:
        """Give the way in this keyring instead of the system's."""
        self.program.way_in._backend = ring


def words_of(desk: AtDesk) -> str:
    return " | ".join(label.text() for label in desk.window.connection_test.findChildren(Text))


def test_a_hotel_is_tested_before_it_is_kept_and_known_afterwards(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path
) -> None:
    ring = MemoryKeyring()

    async def first() -> None:
        async with WithKeyring(sandbox, tmp_path, connect=False) as desk:
            desk.use(ring)
            account = PayMongoAccount(sandbox.connector, sandbox.paymongo_secret_key, sandbox.paymongo_public_key)
            await desk.program.way_in._test(replace(connection_to(sandbox), paymongo=account))
            page = desk.window.connection_test
            await desk.until("what was found", page.isVisible)
            said = words_of(desk)
            assert "Connected to The Gilded Teapot" in said
            assert "Granted by Mews" in said
            assert "The keys open the hotel's account" in said
            assert not page.use.isEnabled()
            assert not ring.held
            await desk.clerk.tab_to(page.sure)
            await desk.clerk.press(Key.Key_Space)
            await desk.clerk.tab_to(page.use)
            await desk.clerk.press(Key.Key_Space)
            await desk.until("the desk", lambda: desk.screen.isVisible() and desk.screen.guests.state == "guests")

    async def again() -> None:
        async with WithKeyring(sandbox, tmp_path, connect=False) as desk:
            desk.use(ring)
            await desk.program.way_in.begin(again=True)
            await desk.until("the desk", lambda: desk.screen.isVisible() and desk.screen.guests.state == "guests")
            assert desk.program.open is not None
            assert desk.program.open.front.acquirer is not None
            # Somebody chooses another hotel: this window ends, and with it everything of this one.
            desk.program._on_hotel_wanted()
            assert desk.program.another_hotel
            assert await desk.program.run(again=False) == 0

    async def tampered() -> None:
        listed = tmp_path / "connections"
        listed.write_text(listed.read_text(encoding="utf-8").replace("127.0.0.1", "127.0.0.9"), encoding="utf-8")
        async with WithKeyring(sandbox, tmp_path, connect=False) as desk:
            desk.use(ring)
            await desk.program.way_in.begin(again=True)
            await desk.says("contradicts itself", "Payments are off on this computer")
            assert desk.program.open is None

    run(first())
    run(again())
    run(tampered())
    held = set(ring.held.values())
    keys = {sandbox.paymongo_secret_key, sandbox.paymongo_public_key}
    assert {sandbox.client_token, sandbox.access_token} | keys < held
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or not any(token.encode() in path.read_bytes() for token in held)


@pytest.mark.parametrize("environment", [Environment.LIVE, Environment.DEMO])
def test_a_hotel_that_cannot_be_reached_is_said_in_a_sentence(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Names that nobody knows (RFC 6761), so that no test leaves this computer.
    for place in ("deskpay.gateways.http.HOSTS", "deskpay.app.connection.HOSTS"):
        monkeypatch.setattr(place, dict.fromkeys(Environment, "mews.invalid"))

    ring = MemoryKeyring()

    async def scene() -> None:
        async with WithKeyring(sandbox, tmp_path, connect=False) as desk:
            desk.use(ring)
            page = desk.window.connect_page
            page.ask_tokens(environment)
            assert page._address.isHidden()
            if environment is Environment.LIVE:
                page._client_token.set_text("CLIENT")
                page._access_token.set_text("ACCESS")
            await desk.clerk.tab_to(page._connect)
            await desk.clerk.press(Key.Key_Space)
            await desk.says("Mews cannot be reached. Nothing was sent, no money moved.", "Check the network")
            assert page.environment is environment
            assert desk.program.open is None
            assert not {"CLIENT", "ACCESS"} & set(ring.held.values())

    run(scene())


def test_the_first_person_of_a_hotel_is_its_manager(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = FileRoster(tmp_path / "people", Seal(b"key"))
    monkeypatch.setattr("deskpay.app.assemble.TrainingRoster", lambda: roster)

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, operator=None) as desk:
            page = desk.window.first
            await desk.until("the page", page.isVisible)
            page.kind._move(1)
            for typed, twice, sentence in (
                ("123456", "123456", "guessed at once"),
                ("135724", "135725", "not the same"),
                ("135724", "135724", ""),
            ):
                for line, text in ((page.name, "Hattie"), (page.secret, typed), (page.again, twice)):
                    await desk.clerk.tab_to(line.editor)
                    await desk.clerk.type_over(text)
                await desk.clerk.tab_to(page.enter)
                await desk.clerk.press(Key.Key_Space)
                if sentence:
                    assert sentence in page.secret.message + page.again.message
            await desk.until("the desk", lambda: desk.screen.isVisible() and desk.screen.guests.state == "guests")
            assert desk.program.open is not None
            manager = desk.program.open.front.desk.seat.operator
            assert (manager.name, manager.role) == ("Hattie", Role.MANAGER)
        text = (tmp_path / "people").read_text(encoding="utf-8")
        assert "$argon2id$" in text
        assert "135724" not in text

    run(scene())


def test_a_policy_allows_its_own_hotels_and_no_other(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    fixed = KnownConnection(Environment.LIVE, "3fa85f64", "The Gilded Teapot Hotel", "https://api.mews.com")
    policy = FleetPolicy(present=True, fingerprint="f1", own_connections=False, card_entry=False, connections=(fixed,))

    async def scene() -> None:
        async with WithKeyring(sandbox, tmp_path, connect=False, policy=policy) as desk:
            desk.use(MemoryKeyring())
            await desk.program.way_in.begin(again=False)
            await desk.says("The Gilded Teapot Hotel · Live")
            elsewhere = replace(fixed, hotel_id="another")
            await desk.program.way_in._shown(desk.program.way_in.open(elsewhere))
            await desk.says("The policy of this computer allows no other hotel")
            # Training is always allowed; no card is typed at this desk, and the policy stands on record.
            opened = await desk.program.connect(connection_to(sandbox))
            assert desk.program.flow is not None
            assert not desk.program.flow.money.can_add_card
            events = await opened.staff.events()
            assert [(event.kind, event.detail) for event in events] == [(SecurityKind.POLICY, "f1")]

    run(scene())
