"""The journal on PostgreSQL keeps every promise of the one in a file: the same tests, on a real server."""

from functools import partial

import pytest
from hypothesis import settings
from typing_extensions import override

from deskpay.journal.journal import open_shared_journal
from deskpay.journal.server import Place
from deskpay.journal.shared import open_shared_store
from deskpay.journal.stories import Stories
from tests.kit.postgres import Server
from tests.property.test_journal_stories import Desk
from tests.unit.test_journal import (
    Opening,
    test_a_bug_of_ours_passes_as_it_is_and_writes_nothing,
    test_a_claim_holds_one_guest_of_one_hotel_for_one_kind_of_act,
    test_a_refund_counts_until_it_is_certain_that_it_gave_nothing,
    test_a_refund_on_its_way_frees_the_guest_but_is_unfinished,
    test_a_second_act_for_a_busy_guest_is_refused_by_name,
    test_a_story_is_found_again_after_reopening,
    test_an_illegal_move_is_refused_and_leaves_the_story_alone,
    test_days_are_utc_and_both_ends_count,
    test_lists_come_in_the_order_of_writing_whatever_the_clocks_said,
    test_one_form_makes_one_intent_however_often_it_is_confirmed,
    test_the_journal_works_on_the_loop_of_the_window,
)

__all__ = [
    "test_a_bug_of_ours_passes_as_it_is_and_writes_nothing",
    "test_a_claim_holds_one_guest_of_one_hotel_for_one_kind_of_act",
    "test_a_refund_counts_until_it_is_certain_that_it_gave_nothing",
    "test_a_refund_on_its_way_frees_the_guest_but_is_unfinished",
    "test_a_second_act_for_a_busy_guest_is_refused_by_name",
    "test_a_story_is_found_again_after_reopening",
    "test_an_illegal_move_is_refused_and_leaves_the_story_alone",
    "test_days_are_utc_and_both_ends_count",
    "test_lists_come_in_the_order_of_writing_whatever_the_clocks_said",
    "test_one_form_makes_one_intent_however_often_it_is_confirmed",
    "test_the_journal_works_on_the_loop_of_the_window",
]


@pytest.fixture
def opening(postgres: Server) -> Opening:
    return partial(open_shared_journal, postgres.new_place(), "desk")


class SharedDesk(Desk):
    """As the desk on a file, on the run's server."""

    server: Server
    _place: Place | None = None

    @override
    def open(self) -> Stories:
        self._place = self._place or self.server.new_place()
        return open_shared_store(self._place, "desk")


@pytest.fixture(autouse=True)
def _server(postgres: Server) -> None:
    SharedDesk.server = postgres


TestSharedDesk = SharedDesk.TestCase
TestSharedDesk.settings = settings(max_examples=5, stateful_step_count=40, deadline=None)
