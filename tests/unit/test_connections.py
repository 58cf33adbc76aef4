"""The hotels of this computer: tokens in the named keyring alone, a sealed list, and what a connection can do."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from deskpay.app.assemble import open_acquirer
from deskpay.app.connection import DEMO_TOKENS, Connection, PayMongoAccount
from deskpay.app.hotels import Hotels, open_hotels
from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    JournalCorrupt,
    JournalTooNew,
    KeyringUnavailable,
    Unauthorized,
)
from deskpay.gateways.http import connector_address
from deskpay.gateways.token_store import TokenStore, system_keyring
from deskpay.journal.connections import ConnectionFile
from deskpay.journal.seal import Seal, write_sealed
from deskpay.services.probe import Ability, Answer, Probed, probe, probe_acquirer
from deskpay.services.system_clock import SystemClock
from deskpay.settings import Settings
from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.connect_page import TypedConnection
from tests.kit.fake_acquirer import FakeAcquirer
from tests.kit.fake_desk import VirtualTime
from tests.kit.fake_hotel import FakeHotel
from tests.kit.keyrings import MemoryKeyring
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.stays import stay

LIVE, DEMO, TRAINING = Environment.LIVE, Environment.DEMO, Environment.TRAINING
TEAPOT = KnownConnection(LIVE, "hotel-1", "The Gilded Teapot", "https://api.mews.com")
SECRETS = ("CLIENT-0123456789", "ACCESS-9876543210")


def typed(environment: Environment, client: str, access: str) -> Connection:
    return Connection.typed(TypedConnection("http://127.0.0.1:1", "", client, access, environment))


KEYS = ("sk_live_0123456789abcdef", "pk_live_fedcba9876543210")


def test_keys_of_the_acquirer_go_where_the_tokens_go(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    ring = MemoryKeyring()

    async def story() -> None:
        hotels = await open_hotels(tmp_path, ring)
        connection = Connection.typed(TypedConnection("", "", *SECRETS, LIVE, *KEYS)).for_hotel("hotel-1")
        assert connection.paymongo == PayMongoAccount("", *KEYS)
        await hotels.keep(connection, TEAPOT.name)
        assert await (await open_hotels(tmp_path, ring)).connection(TEAPOT) == connection
        assert KEYS[0] not in repr(connection) + repr(TypedConnection("", "", *SECRETS, LIVE, *KEYS))

    run_plain(story())
    assert {*SECRETS, *KEYS} < set(ring.held.values())
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or not any(key.encode() in path.read_bytes() for key in KEYS)


def test_the_settings_say_how_an_account_is_asked() -> None:
    settings = Settings(paymongo_code_call="none", paymongo_saved_list="v2", paymongo_tender="Voucher")
    bare = typed(LIVE, *SECRETS)
    assert bare.as_set(settings) == bare
    account = Connection.typed(TypedConnection("", "", *SECRETS, LIVE, *KEYS)).as_set(settings).paymongo
    assert account == PayMongoAccount("", *KEYS, CodeCall.NONE, "v2", "Voucher")


@pytest.mark.parametrize(
    ("environment", "keys", "field", "problem"),
    [
        (LIVE, (KEYS[0], ""), Field.PUBLIC_KEY, InputProblem.EMPTY),
        (LIVE, ("", KEYS[1]), Field.SECRET_KEY, InputProblem.EMPTY),
        (LIVE, (KEYS[1], KEYS[1]), Field.SECRET_KEY, InputProblem.OTHER_KEY),
        (LIVE, (KEYS[0], KEYS[0]), Field.PUBLIC_KEY, InputProblem.OTHER_KEY),
        (LIVE, ("sk_test_1", KEYS[1]), Field.SECRET_KEY, InputProblem.OTHER_MODE),
        (LIVE, (KEYS[0], "pk_test_1"), Field.PUBLIC_KEY, InputProblem.OTHER_MODE),
        (LIVE, ("secret", KEYS[1]), Field.SECRET_KEY, InputProblem.BAD_FORM),
        (TRAINING, KEYS, Field.SECRET_KEY, InputProblem.OTHER_MODE),
    ],
)
def test_a_key_that_cannot_be_right_is_refused_before_anything_is_sent(
    environment: Environment,
    keys: tuple[str, str],
    field: Field,
    problem: InputProblem,
    run_plain: CoroutineRunner,
) -> None:
    connection = Connection.typed(TypedConnection("http://127.0.0.1:1", "", *SECRETS, environment, *keys))

    async def story() -> None:
        with pytest.raises(InputRefused) as refusal:
            await open_acquirer(connection, SystemClock())
        assert (refusal.value.field, refusal.value.problem) == (field, problem)

    run_plain(story())


def test_a_live_account_is_reached_at_paymongos_own_host_alone(run_plain: CoroutineRunner) -> None:
    live = Connection.typed(TypedConnection("http://127.0.0.1:1", "", *SECRETS, LIVE, *KEYS))

    async def story() -> None:
        acquirer = await open_acquirer(live, SystemClock())
        assert acquirer is not None
        await acquirer.aclose()
        assert live.paymongo is not None
        elsewhere = replace(live, paymongo=replace(live.paymongo, address="http://127.0.0.1:8123"))
        with pytest.raises(InputRefused) as refusal:
            await open_acquirer(elsewhere, SystemClock())
        assert refusal.value.problem is InputProblem.NOT_ALLOWED

    run_plain(story())


@pytest.mark.parametrize(
    ("problem", "answer"),
    [(None, Answer.GRANTED), (Unauthorized("no"), Answer.REFUSED), (HotelUnavailable("away"), Answer.FAILED)],
)
def test_the_acquirer_is_asked_once(problem: DeskPayError | None, answer: Answer, run_virtual: VirtualRunner) -> None:
    acquirer = FakeAcquirer(run_virtual.clock.now)
    if problem is not None:
        acquirer.reading.append(problem)

    async def story() -> Answer:
        return await probe_acquirer(acquirer, VirtualTime(run_virtual.clock))

    assert run_virtual(story()) is answer


def test_tokens_go_to_the_keyring_and_nowhere_else(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    ring = MemoryKeyring()

    async def story() -> None:
        hotels = await open_hotels(tmp_path, ring)
        assert hotels.keyring == ring.name
        assert await hotels.connection(TEAPOT) is None
        connection = typed(LIVE, *SECRETS).for_hotel("hotel-1")
        await hotels.keep(connection, TEAPOT.name)
        again = await open_hotels(tmp_path, ring)
        assert list(await again.all()) == [TEAPOT]
        assert await again.connection(TEAPOT) == connection
        assert not any(token in repr(connection) for token in SECRETS)

    run_plain(story())
    assert set(SECRETS) < set(ring.held.values())
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Gilded Teapot" in written
    assert not any(token.encode() in written for token in (*SECRETS, *ring.held.values()))


def test_without_a_keyring_tokens_are_asked_for_at_every_start(
    tmp_path: Path, run_plain: CoroutineRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskpay.app.hotels.system_keyring", lambda: None)

    async def story() -> None:
        hotels = await open_hotels(tmp_path)
        assert hotels.keyring == ""
        await hotels.keep(typed(LIVE, *SECRETS).for_hotel("hotel-1"), TEAPOT.name)
        assert await (await open_hotels(tmp_path)).connection(TEAPOT) is None

    run_plain(story())
    assert not any(SECRETS[1].encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_the_public_hotel_needs_no_tokens_and_every_host_is_pinned(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    ring = MemoryKeyring()

    async def story() -> None:
        hotels = await open_hotels(tmp_path, ring)
        demo = typed(DEMO, "", "")
        assert (demo.address, demo.client_token, demo.access_token) == ("https://api.mews-demo.com", *DEMO_TOKENS)
        await hotels.keep(demo.for_hotel("hotel-2"), "Public")
        assert [known.environment for known in await hotels.all()] == [DEMO]
        assert await hotels.connection((await hotels.all())[0]) == demo.for_hotel("hotel-2")

    run_plain(story())
    assert len(ring.held) == 1  # the seal's key
    assert typed(LIVE, *SECRETS).address == "https://api.mews.com"
    for environment, address in (
        (LIVE, "http://127.0.0.1:8000"),
        (LIVE, "https://mews.example"),
        (DEMO, "http://[::1]"),
    ):
        swapped = replace(typed(environment, *SECRETS), address=address)
        with pytest.raises(InputRefused):
            connector_address(swapped.environment, swapped.address)


def test_a_list_that_another_hand_changed_is_not_followed(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    ring = MemoryKeyring()

    async def kept() -> Hotels:
        hotels = await open_hotels(tmp_path, ring)
        await hotels.keep(typed(LIVE, *SECRETS).for_hotel("hotel-1"), TEAPOT.name)
        return hotels

    hotels = run_plain(kept())
    path = tmp_path / "connections"
    path.write_text(path.read_text(encoding="utf-8").replace("api.mews.com", "api.mews.con"), encoding="utf-8")
    for attempt in (hotels.all, lambda: hotels.keep(typed(LIVE, *SECRETS).for_hotel("x"), "x")):
        with pytest.raises(JournalCorrupt):
            run_plain(attempt())


def test_the_list_puts_the_last_first_and_refuses_what_it_cannot_read(
    tmp_path: Path, run_plain: CoroutineRunner
) -> None:
    path, seal = tmp_path / "connections", Seal(b"key")
    file = ConnectionFile(path, seal)
    other = replace(TEAPOT, environment=TRAINING, fields_address="http://localhost:2")

    async def story() -> None:
        for known in (TEAPOT, other, TEAPOT):
            await file.use(known)
        assert list(await file.all()) == [TEAPOT, other]
        write_sealed(path, {"version": 2}, seal)
        with pytest.raises(JournalTooNew):
            await file.all()
        write_sealed(path, {"version": 1, "connections": [{"environment": "moon"}]}, seal)
        with pytest.raises(JournalCorrupt):
            await file.all()

    run_plain(story())


def test_a_keyring_that_is_locked_is_said_without_quoting_it(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    ring = MemoryKeyring()
    ring.locked = True
    with pytest.raises(KeyringUnavailable, match=r"^KeyringLocked$") as caught:
        run_plain(open_hotels(tmp_path, ring))
    assert caught.value.__cause__ is None
    ring.locked = False
    store = TokenStore(ring)
    assert run_plain(store.seal_key()) == run_plain(store.seal_key())


@pytest.mark.parametrize(
    ("platform", "module", "name"),
    [
        ("win32", "keyring.backends.Windows", "WinVaultKeyring"),
        ("darwin", "keyring.backends.macOS", "Keyring"),
        ("linux", "keyring.backends.SecretService", "Keyring"),
    ],
)
def test_the_backend_is_named_for_each_system(
    platform: str, module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Priority:
        told: float | type[Exception] = 5.0

        def __get__(self, _one: object, _kind: object) -> float:
            if isinstance(self.told, float):
                return self.told
            raise self.told

    there, priority = ModuleType(module), Priority()
    kind = type(name, (), {"priority": priority})
    monkeypatch.setattr(there, name, kind, raising=False)
    monkeypatch.setitem(sys.modules, module, there)
    assert type(system_keyring(platform)) is kind
    for refusal in (0.0, RuntimeError, ValueError):
        priority.told = refusal
        assert system_keyring(platform) is None
    monkeypatch.delattr(there, name)
    assert system_keyring(platform) is None


def test_a_system_of_another_kind_has_none() -> None:
    assert system_keyring("plan9") is None


# What a connection can do


def found(run: VirtualRunner, change: Callable[[FakeHotel], object]) -> Probed:
    hotel = FakeHotel(run.clock.now)
    hotel.stays.append(stay("stay-52"))
    change(hotel)
    return run(probe(hotel, VirtualTime(run.clock)))


def test_everything_that_is_read_at_the_desk_is_asked_for_once(run_virtual: VirtualRunner) -> None:
    probed = found(run_virtual, lambda _hotel: None)
    assert probed.answers == dict.fromkeys(Ability, Answer.GRANTED)
    assert (probed.missing, probed.skew, probed.took_s) == ((), timedelta(), 0)


def test_what_is_not_granted_is_named_as_mews_names_it(run_virtual: VirtualRunner) -> None:
    def change(hotel: FakeHotel) -> None:
        hotel.unread |= {"cards": Unauthorized("x"), "terminals": HotelUnavailable("x")}

    probed = found(run_virtual, change)
    assert probed.missing == ("creditCards/getAll",)
    assert probed.answers[Ability.TERMINALS] is Answer.FAILED
    assert probed.answers[Ability.BILLS] is Answer.GRANTED


def test_in_an_empty_house_nothing_of_a_guest_is_asked(run_virtual: VirtualRunner) -> None:
    probed = found(run_virtual, lambda hotel: hotel.stays.clear())
    assert probed.answers[Ability.CARDS] is Answer.NOT_TRIED
    assert probed.answers[Ability.RATES] is Answer.GRANTED
