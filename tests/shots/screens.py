"""Pictures of the desk and of the way in."""

from dataclasses import replace
from datetime import timedelta

from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment as Kind
from deskpay.domain.errors import HotelUnavailable, NotMews, Unauthorized
from deskpay.domain.guest import Guest
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.services.activity import Entry
from deskpay.services.probe import Ability, Answer, Probed
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.rows import Connection, GuestRows, Part, Reading, SearchGroup, SearchRows
from deskpay.ui.journal.activity_rows import activity_row, detail_of
from deskpay.ui.journal.rows import unresolved_rows
from deskpay.ui.present_error import words_for
from deskpay.ui.words.money import MoneyWords
from tests.shots.house import AT_HAND, ELSEWHERE, EMIL, FILE, HOTEL, NOW, OTTOLINE, UMBRELLA
from tests.shots.scene import Scene
from tests.shots.stage import Stage
from tests.shots.stories import NEWS

_LOST = words_for(HotelUnavailable())


async def _guest(stage: Stage) -> None:
    stage.show_desk()


async def _live(stage: Stage) -> None:
    stage.environment = Environment.LIVE
    stage.show_desk()


async def _inspected(stage: Stage) -> None:
    await _live(stage)
    stage.desk.status.set_inspected("Sherry and Partners")


async def _nobody(stage: Stage) -> None:
    stage.show_desk(guest=False)


async def _list_loading(stage: Stage) -> None:
    stage.show_desk(guest=False)
    stage.desk.show_guests_loading()
    stage.desk.guests._patience._on_timeout()


async def _list_empty(stage: Stage) -> None:
    stage.show_desk(guest=False)
    stage.desk.show_guests(GuestRows())


async def _list_error(stage: Stage) -> None:
    stage.show_desk(guest=False)
    stage.desk.show_guests_error(_LOST.sentence)
    stage.desk.set_status(Connection.LOST)


async def _guest_loading(stage: Stage) -> None:
    stage.show_desk()
    stage.desk.show_no_guest()
    stage.desk.show_guest(stage.views.head(OTTOLINE, NOW.date()))
    stage.desk.panel._patience._on_timeout()


async def _guest_error(stage: Stage) -> None:
    stage.show_desk()
    said = f"{_LOST.sentence} {_LOST.remedy}"
    stage.desk.show_guest(stage.views.head(OTTOLINE, NOW.date(), (), Reading.FAILED, said))


async def _bare(stage: Stage) -> None:
    """No card, no bill, no payment."""
    stage.show_desk()
    bare = replace(FILE, cards=(), bills=(), items=(), payments=(), intents=())
    stage.desk.show_guest(stage.views.page(OTTOLINE, bare))


async def _part_failed(stage: Stage) -> None:
    stage.show_desk()
    view = stage.views.page(OTTOLINE, FILE)
    problem = "Mews answered with an error."
    failed = replace(
        view, payments=Part(reading=Reading.FAILED, problem=problem), cards=Part(reading=Reading.UNDER_WAY)
    )
    stage.desk.show_guest(failed)


async def _beside(stage: Stage) -> None:
    stage.show_desk()
    stage.desk.show_guest(stage.views.page(OTTOLINE, FILE, (EMIL, UMBRELLA)))


async def _unresolved(stage: Stage) -> None:
    stage.show_unknown_guest()


async def _journal(stage: Stage) -> None:
    stage.show_unknown_guest()
    told = [NEWS[name] for name in ("unknown-traceless", "unknown-several", "unknown", "pending")]
    numbered = [
        replace(news, record=replace(news.record, intent=replace(news.record.intent, id=f"i{at}")))
        for at, news in enumerate(told)
    ]
    dates = stage.views.dates
    rows = unresolved_rows(numbered, (), dates, NOW + timedelta(minutes=16), stage.clock.monotonic_s())
    stage.desk.show_unresolved(rows)
    stage.desk.show_journal()


async def _activity(stage: Stage) -> None:
    stage.show_desk()
    people = (
        SecurityEvent(NOW, SecurityKind.SIGNED_IN, "Poppy Inkwell"),
        SecurityEvent(NOW, SecurityKind.REFUSED, "Jasper Mugglewood"),
        SecurityEvent(NOW, SecurityKind.APPROVED, "Edmund Tallowby", "DP-2M6T-QX4J"),
    )
    entries = [
        *(Entry(news.record.intent.drafted_utc, "Poppy Inkwell", news.record) for news in NEWS.values()),
        *(Entry(event.at_utc, event.operator, event=event) for event in people),
    ][-14:]
    view, dates = stage.desk.activity, stage.views.dates
    view.show_rows([activity_row(entry, dates, NOW) for entry in entries], 1204)
    told = next(entry for entry in entries if entry.record is not None and len(entry.record.events) > 3)
    view.show_detail(detail_of(told, dates, MoneyWords(), NOW))
    stage.desk.show_activity()


async def _journal_empty(stage: Stage) -> None:
    stage.show_desk()
    stage.desk.show_journal()


async def _offline(stage: Stage) -> None:
    stage.show_unknown_guest()
    stage.desk.set_status(Connection.LOST, "No connection to Mews since 14:27", "Showing data from 14:26:51")
    age = "You see guests as of 14:26. Payments are off and nothing is kept to send later."
    stage.desk.set_notice(_LOST.sentence, age)
    stage.desk.set_money_enabled(False, _LOST.sentence)


def _search(stage: Stage, typed: str) -> None:
    stage.show_desk()
    stage.desk.focus_search()
    stage.desk.header.search_box.setText(typed)
    stage.desk.header.search_box.textEdited.emit(typed)


def _found(stage: Stage, typed: str, elsewhere: tuple[Guest, ...] = ()) -> tuple[SearchGroup, ...]:
    return stage.views.found(typed, AT_HAND.search(typed), elsewhere, NOW.date())


async def _search_results(stage: Stage) -> None:
    _search(stage, "pep 21")
    stage.desk.show_search(SearchRows("pep 21", _found(stage, "pep 21")))


async def _search_elsewhere(stage: Stage) -> None:
    _search(stage, "pepper")
    groups = _found(stage, "pepper", ELSEWHERE)
    stage.desk.show_search(SearchRows("pepper", groups, searched="Searched the guests of these days and Mews."))


async def _search_none(stage: Stage) -> None:
    _search(stage, "pepperwhick 241")
    stage.desk.show_search(SearchRows("pepperwhick 241", searched="Searched the guests of these days and Mews."))


async def _search_none_here(stage: Stage) -> None:
    _search(stage, "pepperwhick 241")
    stage.desk.show_search(SearchRows("pepperwhick 241"))


async def _search_asking(stage: Stage) -> None:
    _search(stage, "pep")
    groups = _found(stage, "pep")
    stage.desk.show_search(SearchRows("pep", groups, Reading.UNDER_WAY))


async def _search_failed(stage: Stage) -> None:
    _search(stage, "pep")
    groups = _found(stage, "pep")
    stage.desk.show_search(SearchRows("pep", groups, Reading.FAILED, _LOST.sentence))


async def _connect(stage: Stage) -> None:
    stage.window.show_connect()


def _typed(stage: Stage) -> None:
    stage.window.show_connect()
    page = stage.window.connect_page
    words = ("http://127.0.0.1:8000", "http://localhost:8001", "training-client", "training-access")
    for line, text in zip(page._lines(), words, strict=True):
        line.set_text(text)


async def _connect_address(stage: Stage) -> None:
    _typed(stage)
    stage.window.connect_page.show_problem(NotMews())


async def _connect_token(stage: Stage) -> None:
    _typed(stage)
    stage.window.connect_page.show_problem(Unauthorized(server_message="Invalid AccessToken."))


async def _connect_lost(stage: Stage) -> None:
    _typed(stage)
    stage.window.connect_page.show_problem(HotelUnavailable())


async def _connect_busy(stage: Stage) -> None:
    _typed(stage)
    stage.window.connect_page.set_busy(True)


async def _connect_demo(stage: Stage) -> None:
    stage.window.show_connect()
    stage.window.connect_page.ask_tokens(Kind.DEMO)


async def _connect_live(stage: Stage) -> None:
    stage.window.show_connect()
    page = stage.window.connect_page
    known = KnownConnection(Kind.LIVE, HOTEL.id, HOTEL.name, "https://api.mews.com")
    page.show_known((known, replace(known, environment=Kind.DEMO, name="Mews Demo Hotel")), "Secret Service")
    page.ask_tokens(Kind.LIVE)


async def _tested(stage: Stage) -> None:
    answers = dict.fromkeys(Ability, Answer.GRANTED) | {
        Ability.TERMINALS: Answer.REFUSED,
        Ability.LINKS: Answer.REFUSED,
        Ability.BILLS: Answer.NOT_TRIED,
    }
    found = Probed(HOTEL, 0.31, timedelta(seconds=1), answers, "Sherry and Partners")
    stage.window.connection_test.show_found(Kind.LIVE, "api.mews.com", found)
    stage.window.show_connection_test()


async def _first(stage: Stage) -> None:
    stage.window.first.set_hotel(Environment.LIVE, HOTEL.name)
    stage.window.first.name.set_text("Hattie Quince-Marlow")
    stage.window.show_first()


async def _waiting(stage: Stage) -> None:
    stage.window.show_waiting("Opening the training hotel")


SCENES = (
    Scene("desk", _guest),
    Scene("desk-live", _live),
    Scene("desk-inspected", _inspected),
    Scene("desk-nobody-chosen", _nobody),
    Scene("desk-list-loading", _list_loading),
    Scene("desk-list-empty", _list_empty),
    Scene("desk-list-error", _list_error),
    Scene("desk-guest-loading", _guest_loading),
    Scene("desk-guest-error", _guest_error),
    Scene("desk-guest-bare", _bare),
    Scene("desk-part-failed", _part_failed),
    Scene("desk-guest-beside", _beside),
    Scene("desk-unresolved", _unresolved),
    Scene("journal-unresolved", _journal),
    Scene("journal-empty", _journal_empty),
    Scene("journal-everything", _activity),
    Scene("desk-offline", _offline),
    Scene("search-results", _search_results),
    Scene("search-elsewhere", _search_elsewhere),
    Scene("search-none-here", _search_none_here),
    Scene("search-none", _search_none),
    Scene("search-asking-mews", _search_asking),
    Scene("search-failed", _search_failed),
    Scene("connect", _connect),
    Scene("connect-wrong-address", _connect_address),
    Scene("connect-wrong-token", _connect_token),
    Scene("connect-no-answer", _connect_lost),
    Scene("connect-busy", _connect_busy),
    Scene("connect-demo", _connect_demo),
    Scene("connect-live-known", _connect_live),
    Scene("connect-tested", _tested),
    Scene("first-person", _first),
    Scene("opening", _waiting),
)
