"""Before anything is changed."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(20, "Review shows profile, account, region, both sides, differences, tables, days and the steps in order, "
              "all within reach at 80x24", (
        f"{places.SCREENS}/test_questions_on_pages.py::test_review_shows_both_sides_what_differs_and_what_comes_along",
        f"{places.SCREENS}/test_walk.py::test_every_step_is_shown_before_it_runs",
        f"{places.POINTS}::test_review_is_read_to_its_end_by_keys_at_80x24",
    )),
    Point(21, "A dry run goes through the same plan without touching AWS, and the header says so", (
        f"{places.CLI}/test_output.py::test_dry_run_needs_no_aws_and_changes_nothing",
        f"{places.SCREENS}/test_frame.py::test_a_dry_run_says_so_and_leaves_the_session_as_it_stands",
    )),
    Point(22, "Read-only by flag and by variable, kept by the engine", (
        f"{places.CLI}/test_sessions_command.py::test_options_reach_the_wizard",
        f"{places.SCREENS}/test_frame.py::test_read_only_is_said_on_every_page_and_the_engine_refuses",
        "tests/test_readonly.py::test_a_client_refuses_before_the_request_is_sent",
        "tests/test_readonly.py::test_the_runner_refuses_to_run_and_to_undo_but_not_a_dry_run",
    )),
    Point(23, "The last confirmation has the target's name typed, and so has an undo that deletes an environment", (
        f"{places.SCREENS}/test_pages.py::test_review_starts_only_with_the_targets_name",
        f"{places.SCREENS}/test_run_page.py::test_undo_lists_what_it_touches_and_is_off_by_default",
        "tests/prompts/test_wizard.py::test_a_failed_run_can_be_undone_or_left",
    )),
    Point(24, "Preflight: pass, warning or failure with its remedy, before anything is changed", (
        f"{places.SCREENS}/test_preflight_page.py::test_every_check_is_told_by_glyph_and_word_with_its_remedy",
        f"{places.SCREENS}/test_preflight_page.py::test_a_failure_that_only_another_answer_mends_is_why_next_is_refused",
        f"{places.SCREENS}/test_preflight_page.py::test_it_comes_between_policies_and_review_and_journals_nothing",
    )),
    Point(25, "Profile, account and region are in sight on every screen and above every box; production has a word and "
              "another colour", (
        f"{places.CAPTURES}::test_who_is_moved_where_is_on_every_screen_and_in_every_size",
        f"{places.CAPTURES}::test_production_is_a_word_and_another_colour_on_every_screen",
        f"{places.SCREENS}/test_points_boxes.py::test_no_box_covers_who_is_moved_where_or_loses_its_keys",
        f"{places.SCREENS}/test_frame.py::test_profile_account_and_region_are_on_every_page",
        f"{places.SCREENS}/test_palette.py::test_what_counts_as_production_is_the_users_to_say",
        f"{places.SCREENS}/test_safety.py::test_identity_of_a_low_terminal_keeps_both_accounts_and_regions",
    ),
        reason="Below 22 rows there is one line for both sides: account and region, without the profile."),
    Point(26, "An expired login is told with the exact command that renews it; afterwards the page goes on", (
        f"{places.SCREENS}/test_source_page.py::test_an_expired_login_shows_its_command_and_r_goes_on",
        f"{places.SCREENS}/test_drift.py::test_expired_credentials_are_told_with_the_command_and_asked_again_after_the_login",
        "tests/aws/test_login.py::test_the_command_names_the_profile_that_can_log_in",
        "tests/aws/test_login.py::test_a_login_lets_the_next_call_pass",
    )),
)  # fmt: skip
