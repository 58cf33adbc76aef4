"""The night audit has words for everything that it can show, and no two things in a table are called the same."""

from dataclasses import replace

import pytest

from deskpay.domain.acquirer import AcquirerPayment
from deskpay.domain.comparison import Difference, Disagreement
from deskpay.domain.day_sheet import Standing
from deskpay.domain.night_queue import Obstacle
from deskpay.ui.audit.columns import HouseWords, difference_columns, say_difference
from deskpay.ui.audit.pick_dialog import Pick, pick_columns
from deskpay.ui.audit.words import difference_chip, difference_words, obstacle_words, standing_chip, standing_words
from deskpay.ui.words.money import MoneyWords
from tests.kit.intents import NOW, gbp, make_intent, make_record
from tests.shots.night import candidates, day

HOUSE = HouseWords(MoneyWords())


@pytest.mark.usefixtures("qapp")
def test_everything_is_called_by_a_name_of_its_own() -> None:
    entry = day()[0]
    assert all(standing_chip(replace(entry, standing=standing)).words for standing in Standing)
    assert len({standing_words(standing) for standing in Standing}) == len(Standing)
    assert len({obstacle_words(obstacle) for obstacle in Obstacle}) == len(Obstacle)
    assert len({difference_words(difference) for difference in Difference}) == len(Difference)
    assert all(difference_chip(difference).words for difference in Difference)


@pytest.mark.usefixtures("qapp")
def test_what_paymongo_took_is_shown_beside_what_the_journal_says() -> None:
    taken = AcquirerPayment("pay_1", gbp(900), True, "Visa", "4345", "pi_1", "Room 12 · DP-ZZZZ-0009", NOW)
    ours = make_record(make_intent())
    columns = difference_columns(HOUSE)

    def cells(found: Disagreement) -> list[str]:
        return [column.words(found) for column in columns]

    known = Disagreement(Difference.ACQUIRER_AMOUNT, ours, None, taken)
    assert ours.intent.reference in cells(known)
    assert cells(known)[-1] == "£9.00"
    assert "another amount" in say_difference(known)
    unknown = Disagreement(Difference.UNKNOWN_HERE, None, None, taken)
    assert "Room 12 · DP-ZZZZ-0009" in cells(unknown)
    assert cells(Disagreement(Difference.ACQUIRER_TOOK_NOT, ours, None))[-1] == ""


@pytest.mark.usefixtures("qapp")
def test_a_card_kept_at_paymongo_is_shown_greyed_with_the_reason() -> None:
    (kept,) = [one for one in candidates() if one.obstacles == (Obstacle.GUEST_AWAY,)]
    pick = Pick(kept, kept.proposed, ticked=False)
    assert not pick.can_tick
    words = {column.head: column for column in pick_columns(HOUSE, boxes=True)}
    assert words["Card"].words(pick) == "Visa •••• 0007"
    assert words["Card"].greyed is not None
    assert words["Card"].greyed(pick)
    assert words["Why not"].words(pick) == "PayMongo card needs the guest here"
