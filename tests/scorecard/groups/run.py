"""The run."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(27, "Nothing blocks for 100 ms; what takes longer than 0.1 s is said, and stays for 1 s", (
        f"{places.SCREENS}/test_run_page.py::test_what_takes_longer_than_a_moment_is_said_and_stays_readable_while_keys_are_heard",
        f"{places.SCREENS}/test_frame.py::test_a_look_up_is_told_after_a_moment_and_for_a_moment",
        f"{places.SCREENS}/test_frame.py::test_a_word_that_was_shown_stays_for_a_second",
        f"{places.SCREENS}/test_judged.py::test_a_slow_look_up_is_told_and_the_page_goes_on_taking_keys",
    ),
        reason="How long it blocks at most is measured by `make bench-ui`."),
    Point(28, "Steps with state, elapsed time and retries; a log of each, the whole log one key away", (
        f"{places.POINTS}::test_steps_have_state_time_and_retries_and_so_has_the_whole_run",
        f"{places.SCREENS}/test_run_failure.py::test_details_of_a_step_hold_what_it_does_made_and_was_answered",
        f"{places.SCREENS}/test_run_log.py::test_all_steps_together_and_one_step",
        f"{places.SCREENS}/test_run_log.py::test_the_whole_log_jumps_searches_and_follows",
        "tests/execution/test_runner.py::test_retries_are_told_counted_and_journalled_with_the_steps_end",
    )),
    Point(29, "Progress is honest: counts where they exist, else elapsed and typical time; time left after a second of "
              "samples on, of the last minute", (
        f"{places.FRONT}/test_eta.py::test_nothing_is_said_before_a_second_of_samples_or_without_a_total",
        f"{places.FRONT}/test_eta.py::test_only_the_last_minute_counts_and_a_halt_makes_it_longer",
        f"{places.FRONT}/test_eta.py::test_the_whole_run_has_a_time_only_where_every_step_of_it_does",
        f"{places.SCREENS}/test_run_page.py::test_a_run_goes_on_while_other_pages_are_shown",
        f"{places.SCREENS}/test_run_page.py::test_a_step_that_waits_shows_when_it_looks_again_and_what_is_usual",
    )),
    Point(30, "The log stands still while it is read, End follows again; it can be searched", (
        f"{places.SCREENS}/test_run_page.py::test_the_log_stands_still_while_it_is_read",
        f"{places.SCREENS}/test_run_log.py::test_a_level_and_a_word_are_looked_for_in_the_file_not_only_on_the_screen",
        f"{places.FRONT}/test_log_file.py::test_following_shows_the_end_and_reading_stands_still_while_it_grows",
    )),
    Point(31, "A second run changes nothing; each step's outcome is in the journal before the next begins", (
        f"{places.EXECUTION}/test_points_runner.py::test_a_steps_end_is_on_the_disk_before_the_next_is_even_checked",
        f"{places.EXECUTION}/test_points_runner.py::test_nothing_begins_after_a_step_that_failed_and_a_second_run_goes_on_there",
        f"{places.E2E}/routes/test_bridge.py::test_a_second_run_says_verified_and_changes_nothing",
        f"{places.E2E}/routes/test_in_place.py::test_a_second_run_changes_nothing_and_says_verified",
        f"{places.E2E}/test_migration.py::test_second_import_inserts_nothing",
        f"{places.E2E}/test_kill.py::test_killed_in_export_and_in_import_then_resumed",
        f"{places.SESSION}/test_journal.py::test_a_torn_line_is_skipped_and_does_not_swallow_the_next_record",
    )),
    Point(32, "Stopping waits for a safe point, and says so until then", (
        f"{places.SCREENS}/test_run_page.py::test_stop_waits_for_a_safe_point_and_resume_goes_on",
        f"{places.SCREENS}/test_run_state.py::test_stopping_is_told_until_the_run_ends",
        f"{places.SCREENS}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
    )),
    Point(33, "A failure says what, AWS's code, request id, remedy; retry, leave out if allowed, edit, undo, bundle", (
        f"{places.SCREENS}/test_run_failure.py::test_the_panel_has_every_way_on_and_the_failed_step_in_sight_at_80x24",
        f"{places.SCREENS}/test_run_failure.py::test_a_step_the_plan_does_without_is_left_out_after_a_word_on_what_is_missed",
        f"{places.SCREENS}/test_run_failure.py::test_a_support_bundle_is_listed_first_and_only_then_written",
        f"{places.SCREENS}/test_run_page.py::test_a_failure_says_all_and_is_retried_with_enter",
    )),
    Point(34, "After a failure the run goes on only where the plan says so; done and left out are both listed", (
        "tests/execution/test_runner.py::test_a_step_that_the_user_leaves_out_is_passed_over_and_the_report_says_so",
        "tests/report/test_report.py::test_what_was_done_and_what_was_left_out_or_failed_are_both_listed",
        f"{places.SCREENS}/test_run_failure.py::test_what_was_left_out_is_told_and_taken_in_again",
    )),
    Point(35, "A terminal that goes away, or a TERM: all is saved, the terminal given back, and resume goes on", (
        f"{places.CLI}/test_points_terminal.py::test_a_terminal_that_goes_away_ends_it_and_nothing_is_lost",
        f"{places.CLI}/test_points_terminal.py::test_a_term_leaves_the_session_where_it_was_and_says_how_to_go_on",
        f"{places.POINTS}::test_a_signal_stops_the_run_keeps_the_session_and_says_how_to_go_on",
        f"{places.CLI}/test_terminal.py::test_a_signal_gives_the_terminal_back_and_says_which_it_was",
        f"{places.E2E}/test_kill.py::test_killed_in_export_and_in_import_then_resumed",
        f"{places.SCREENS}/test_walk.py::test_resume_opens_the_run_and_goes_on_at_once",
    )),
    Point(36, "Long waits say when they look next, and can be left and resumed", (
        f"{places.SCREENS}/test_run_page.py::test_a_step_that_waits_shows_when_it_looks_again_and_what_is_usual",
        f"{places.SCREENS}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
        "tests/execution/test_runner.py::test_long_waits_say_when_they_look_again_and_short_ones_do_not",
        "tests/execution/test_create_target.py::test_killed_after_the_call_attaches_by_tag",
    )),
    Point(37, "A bell and the terminal's title when it is over, well or not", (
        f"{places.POINTS}::test_a_run_that_ends_rings_and_stands_in_the_title",
        f"{places.SCREENS}/test_terminal_title.py::test_the_end_of_a_run_rings_and_is_in_the_title",
    )),
)  # fmt: skip
