"""The fault matrix: which named tests play each row on this machine, and which rows no test here can play.

A row that is renamed or lost here, or whose test is, fails this module. README, "Fault matrix", says the same in words.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ANSWERS = "tests/contract/test_fault_matrix_answers.py"
BOOKS = "tests/contract/test_fault_matrix_books.py"
JOURNAL = "tests/contract/test_fault_matrix_journal.py"
POWER = "tests/contract/test_fault_matrix_power.py"
SHARED = "tests/contract/test_fault_matrix_shared.py"
CRASH = "tests/crash/test_crash_enumeration.py"
QUITTING = "tests/e2e/test_crash_quitting.py"
PANE = "tests/e2e/test_capture_pane.py"
EVIL = "tests/e2e/test_capture_evil.py"

PLAYED = {
    "Request never left": [f"{ANSWERS}::test_request_never_left_is_not_sent_and_may_be_tried_again"],
    "Sent, reply lost": [f"{ANSWERS}::test_sent_reply_lost_a_lookup_adopts_it"],
    "408": [f"{ANSWERS}::test_408_is_unknown_charged_or_not"],
    "429": [f"{ANSWERS}::test_429_is_rejected_and_never_sent_again"],
    "500 after charge": [f"{ANSWERS}::test_500_after_charge_is_adopted"],
    "403 decline": [
        f"{ANSWERS}::test_403_decline_counts_after_a_look_and_its_words_stay_text",
        f"{ANSWERS}::test_403_decline_of_a_charge_that_was_made_all_the_same_is_not_believed",
        "tests/e2e/test_desk_outcomes.py::test_markup_in_the_bank_s_words_stays_text",
    ],
    "kill -9 between any two steps": [
        f"{CRASH}::test_killed_before_the_request_left_nothing_was_sent",
        f"{CRASH}::test_killed_at_every_commit_point_a_restart_reaches_the_truth",
    ],
    "Power cut": [
        f"{POWER}::test_power_cut_at_every_write_of_a_charge_loses_nothing_that_was_reported",
        f"{POWER}::test_power_cut_at_a_journal_that_syncs_less_is_noticed",
    ],
    "A whole night": [
        "tests/crash/test_scripted_night.py::test_a_night_of_forty_no_shows_ends_with_everybody_charged_at_most_once"
    ],
    "Disk full": [
        f"{JOURNAL}::test_disk_full_before_sending_refuses",
        f"{JOURNAL}::test_disk_full_after_the_draft_sends_nothing",
        f"{JOURNAL}::test_disk_full_after_sending_blocks_the_desk_and_the_restart_reconciles",
    ],
    "Journal locked": [
        f"{JOURNAL}::test_journal_locked_is_waited_for_and_then_refused",
        f"{JOURNAL}::test_journal_locked_after_sending_stops_the_desk_and_the_restart_finds_it",
    ],
    "Journal corrupt": [
        f"{JOURNAL}::test_journal_corrupt_at_any_page_opens_no_desk_or_tells_the_same_story",
        f"{JOURNAL}::test_journal_lost_altogether_a_sweep_finds_our_charges_in_the_books",
        "tests/e2e/test_desk_damaged.py::test_a_damaged_journal_is_shown_and_moves_no_money",
    ],
    "Clock skew": [
        f"{BOOKS}::test_clock_skew_of_the_hotel_does_not_hide_a_lost_charge",
        f"{BOOKS}::test_clock_skew_that_comes_while_a_charge_is_sent_does_not_hide_it",
        f"{BOOKS}::test_clock_skew_of_summer_time_does_not_hide_a_lost_charge",
    ],
    "COMMIT reply lost": [
        f"{JOURNAL}::test_commit_reply_lost_sends_nothing_that_is_not_seen_on_record",
        f"{SHARED}::test_commit_reply_lost_on_the_link_goes_on_once_its_own_row_is_seen",
        f"{SHARED}::test_commit_request_lost_on_the_link_sends_nothing_and_keeps_the_outcome",
    ],
    "Shared journal away": [
        f"{SHARED}::test_shared_journal_away_before_sending_refuses_until_it_is_back",
        f"{SHARED}::test_shared_journal_away_after_sending_the_desk_keeps_the_outcome",
        f"{SHARED}::test_shared_journal_away_after_sending_and_the_desk_dies_the_restart_finds_it",
    ],
    "Two desks, one charge": [
        f"{JOURNAL}::test_two_desks_one_charge_one_wins",
        f"{SHARED}::test_two_desks_one_charge_one_wins_on_a_shared_journal",
        f"{JOURNAL}::test_a_second_deskpay_at_the_same_journal_is_refused_until_the_first_is_gone",
        f"{QUITTING}::test_a_second_deskpay_on_the_same_journal_is_refused_in_a_plain_sentence",
    ],
    "401 revoked": [f"{BOOKS}::test_401_revoked_between_steps_leaves_the_intent_as_it_is"],
    "DNS failure": [f"{ANSWERS}::test_dns_failure_is_not_sent"],
    "Captive portal HTML": [
        f"{ANSWERS}::test_captive_portal_or_tls_interception_with_an_unknown_certificate_is_not_sent",
        f"{ANSWERS}::test_captive_portal_page_that_says_200_is_unknown",
    ],
    "TLS interception without its root": [
        f"{ANSWERS}::test_captive_portal_or_tls_interception_with_an_unknown_certificate_is_not_sent",
    ],
    "TLS interception with its root": [
        f"{ANSWERS}::test_tls_interception_with_its_root_goes_on_and_its_issuer_is_named",
        "tests/unit/test_inspection.py::test_an_inspected_connection_is_named_by_its_issuer",
        "tests/unit/test_inspection.py::test_no_variable_changes_what_a_door_trusts",
    ],
    "Malformed JSON, wrong types": [
        f"{ANSWERS}::test_malformed_json_or_wrong_types_are_unknown_and_then_found",
        "tests/property/test_wire_fuzz.py::test_garbage_after_a_charge_is_always_a_doubt_and_never_a_second_charge",
    ],
    "Huge page": [
        f"{BOOKS}::test_huge_page_is_a_look_that_failed_not_an_empty_one",
        f"{ANSWERS}::test_huge_answer_to_a_charge_stops_at_the_cap_and_is_unknown",
    ],
    "Slow drip": [f"{ANSWERS}::test_slow_drip_ends_at_the_hard_deadline_and_is_unknown"],
    "Cursor loop or repeat": [f"{BOOKS}::test_cursor_loop_or_repeat_is_a_look_that_failed"],
    "Render process crash": [f"{PANE}::test_a_crash_of_the_engine_ends_the_capture_only"],
    "Secure Fields script blocked": [
        f"{PANE}::test_a_missing_script_is_told_at_once_and_can_be_tried_again",
        f"{PANE}::test_silent_frames_are_given_up",
    ],
    "transactionId over 30 min": [f"{BOOKS}::test_transaction_id_too_old_begins_nothing"],
    "Duplicate clicks": [
        f"{BOOKS}::test_duplicate_clicks_make_one_intent_per_form",
        "tests/e2e/test_desk_charge.py::test_two_confirmings_charge_once",
    ],
    "Sleep/resume mid-charge": [
        f"{BOOKS}::test_sleep_or_resume_moves_the_wall_clock_mid_charge_and_hides_nothing",
        f"{JOURNAL}::test_sleep_or_resume_of_the_process_mid_charge_ends_known_and_once",
    ],
    "Window closed mid-charge": [
        f"{QUITTING}::test_window_closed_mid_charge_the_request_finishes_and_the_answer_is_on_record",
        f"{QUITTING}::test_window_closed_mid_charge_without_an_answer_the_doubt_is_on_record",
        f"{QUITTING}::test_window_closed_mid_charge_by_an_impatient_system_the_restart_finds_it",
    ],
    "Payment stays Pending": [f"{BOOKS}::test_payment_stays_pending_and_is_listed_until_it_lands"],
    "Charge made in Mews meanwhile": [
        f"{BOOKS}::test_charge_made_in_mews_before_the_baseline_stops_ours",
        f"{BOOKS}::test_charge_made_in_mews_after_the_baseline_is_never_taken_for_ours",
    ],
    "Refund reply lost": [
        f"{BOOKS}::test_refund_reply_lost_is_adopted",
        f"{BOOKS}::test_refund_reply_lost_with_two_identical_refunds_goes_to_a_person",
    ],
    "Edited journal row": [
        f"{JOURNAL}::test_edited_journal_row_breaks_the_chain_and_stops_charging",
        f"{JOURNAL}::test_edited_journal_row_under_an_open_desk_stops_charging",
        f"{SHARED}::test_edited_row_of_a_shared_journal_under_an_open_desk_stops_charging",
    ],
    "Config host swapped": [
        "tests/unit/test_connections.py::test_a_list_that_another_hand_changed_is_not_followed",
    ],
    "Host swapped": [
        "tests/unit/test_http_address.py::test_every_other_address_is_refused",
        "tests/unit/test_http_address.py::test_an_address_cannot_be_made_around_the_check",
    ],
    "Hostile frame or popup": [
        f"{PANE}::test_nothing_foreign_is_loaded",
        f"{PANE}::test_the_interceptor_holds_where_the_policy_of_the_page_would_not",
        f"{EVIL}::test_an_evil_vault_gets_nothing_through",
        f"{EVIL}::test_a_page_that_goes_away_ends_the_capture",
        f"{EVIL}::test_a_certificate_nobody_vouches_for_ends_the_capture",
        f"{EVIL}::test_ten_thousand_malformed_returns_from_the_page_change_nothing",
        "tests/e2e/test_process_attack.py::test_no_variable_opens_a_debugging_port_or_logs_keys",
    ],
    "PAN leak": [
        "tests/e2e/test_capture_canary.py::test_no_digit_reaches_anything_python_can_see",
        "tests/e2e/test_capture_canary.py::test_numbers_that_are_typed_pasted_dragged_or_filled_in_leave_no_trace",
        "tests/ui/test_card_numbers_in_fields.py::test_a_thousand_card_numbers_are_refused_in_whatever_way_they_come",
        "tests/unit/test_canary_fields.py::test_no_act_and_no_search_carries_one",
        "tests/e2e/test_memory_canary.py::test_no_object_of_the_desk_is_left_with_the_number",
    ],
}


@cache
def _tests_in(module: str) -> frozenset[str]:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", PLAYED)
def test_every_row_has_tests_that_exist(row: str) -> None:
    assert PLAYED[row]
    for test in PLAYED[row]:
        module, _, name = test.partition("::")
        assert name.startswith("test_")
        assert name in _tests_in(module), test


@pytest.mark.parametrize("module", [ANSWERS, BOOKS, JOURNAL, SHARED, CRASH, QUITTING])
def test_no_test_of_the_matrix_stands_outside_it(module: str) -> None:
    named = {test for tests in PLAYED.values() for test in tests}
    tests = {f"{module}::{name}" for name in _tests_in(module) if name.startswith("test_")}
    assert tests <= named


def test_the_readme_names_every_row() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    section = words.partition("## Fault matrix")[2].partition("\n## ")[0]
    missing = [row for row in PLAYED if f"| {row} |" not in section]
    assert missing == []
