"""The points in the project's own words; each names the tests or captures that prove it, or why it does not hold.

A test is named as pytest names it; a name without `[...]` stands for all its cases. A capture is a file below
tests/captures/snapshots, compared by the tests of tests/captures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """`reason` is filled where the point does not hold, or where part of it is left out on purpose."""

    number: int
    words: str
    tests: tuple[str, ...] = ()
    captures: tuple[str, ...] = ()
    reason: str = ""

    @property
    def held(self) -> bool:
        """Whether something proves it."""
        return bool(self.tests or self.captures)


_S, _C, _E, _N = "tests/screens", "tests/cli", "tests/e2e", "tests/session"

GROUPS: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("Ways through", (
        Point(1, "The whole flow by arrows, Enter, Space and Tab; the mouse is never needed", (
            f"{_E}/test_walk.py::test_demo_to_a_verified_summary_in_forty_presses",
            f"{_S}/test_walk.py::test_start_to_summary_by_keyboard")),
        Point(2, "Esc goes back one step and loses nothing that was entered", (
            f"{_S}/test_walk.py::test_back_to_the_first_page_keeps_everything",)),
        Point(3, "The way forward says what is missing instead of being dead", (
            f"{_S}/test_pages.py::test_connect_is_refused_until_sts_answered",
            f"{_S}/test_pages.py::test_settings_next_tells_how_many_are_to_mend")),
        Point(4, "The rail tells states by glyph and by word", ()),
        Point(5, "Any page that is done can be jumped to; what an earlier change made stale is marked", (
            f"{_S}/test_walk.py::test_rail_and_palette_reach_done_pages",)),
        Point(6, "Pages that do not apply are left out with their reason, and the count follows", (
            f"{_S}/test_route_page.py::test_a_page_that_is_left_out_says_why_in_the_rail",)),
        Point(7, "Each page has a sensible focus, and the common path is Enter, Enter, Enter", (
            f"{_E}/test_walk.py::test_demo_to_a_verified_summary_in_forty_presses",)),
        Point(8, "`/` narrows every list, Esc shows all again", (
            f"{_S}/test_source_page.py::test_the_filter_is_left_by_esc_before_the_page",
            f"{_S}/test_start_page.py::test_slash_filters_and_esc_shows_all_again")),
        Point(9, "One key has one meaning everywhere, from one registry", (
            f"{_S}/test_keymap.py::test_every_binding_is_in_the_registry_with_its_one_meaning",
            f"{_S}/test_keymap.py::test_an_action_does_not_hide_behind_two_meanings")),
        Point(10, "Ctrl-Q leaves with how to go on; Ctrl-C ends no migration", (
            f"{_E}/test_walk.py::test_leaving_in_the_middle_of_a_run_says_how_to_go_on",)),
        Point(11, "Leaving while steps run asks first: stay, stop safely, leave at once", (
            f"{_S}/test_run_page.py::test_quitting_while_it_runs_asks_first",)),
        Point(12, "Only keys that every terminal delivers", (
            f"{_S}/test_keymap.py::test_only_keys_that_every_terminal_delivers",)),
    )),
    ("Answers", (
        Point(13, "Answers are checked when a field is left and before going on, beside the field, with the remedy", (
            f"{_S}/test_pages.py::test_an_invalid_setting_is_marked_beside_its_field",)),
        Point(14, "What cannot be is not offered: pickers, and names checked as they are typed", (
            f"{_S}/test_seam.py::test_pickers_say_what_mwaa_would_refuse_and_put_it_last",
            f"{_S}/test_pages.py::test_target_name_is_validated_and_checked_free")),
        Point(15, "Long lists load while the page is used, and are asked for again on the spot", (
            f"{_S}/test_source_page.py::test_rows_appear_while_another_region_is_still_asked",
            f"{_S}/test_pages.py::test_source_failure_is_retried_on_the_spot")),
        Point(16, "The source's value beside the target's, changes marked, one or all reset", ()),
        Point(17, "All, none, invert; rows and sizes beside each table", (
            f"{_S}/test_pages.py::test_tables_pick_all_none_invert",
            f"{_S}/test_pages.py::test_tables_show_real_counts_after_counting")),
        Point(18, "What is dangerous is off; every option is explained beside it", (
            f"{_S}/test_run_page.py::test_undo_lists_what_it_touches_and_is_off_by_default",)),
        Point(19, "Pasting works in every field, without the newline at its end", ()),
    )),
    ("Before anything is changed", (
        Point(20, "Review shows profile, account, region, both sides, differences, tables, days, order of steps", ()),
        Point(21, "A dry run goes through the same plan, and says that it is one", (
            f"{_C}/test_output.py::test_dry_run_needs_no_aws_and_changes_nothing",)),
        Point(22, "Read-only by flag and variable", (
            "tests/test_readonly.py::test_a_client_refuses_before_the_request_is_sent",
            "tests/test_readonly.py::test_the_runner_refuses_to_run_and_to_undo_but_not_a_dry_run")),
        Point(23, "The last confirmation names the target and has its name typed", (
            f"{_S}/test_pages.py::test_review_starts_only_with_the_targets_name",)),
        Point(24, "Preflight: pass, warning or failure with its remedy, before anything is changed", ()),
        Point(25, "Profile, account and region are always in sight, production in another colour", (
            f"{_S}/test_routes_on_pages.py::test_two_accounts_are_on_every_page_and_close_the_way_in_place",)),
        Point(26, "An expired login is told with the command that renews it; afterwards the page goes on", (
            f"{_S}/test_source_page.py::test_an_expired_login_shows_its_command_and_r_goes_on",)),
    )),
    ("The run", (
        Point(27, "Nothing blocks for 100 ms; what takes longer is said", ()),
        Point(28, "Steps with state, elapsed time and retries; a log of each, the whole log one key away", ()),
        Point(29, "Progress is honest: counted where counts exist, else elapsed and typical time", ()),
        Point(30, "The log follows until it is scrolled, End follows again; it can be searched", (
            f"{_S}/test_run_page.py::test_the_log_stands_still_while_it_is_read",)),
        Point(31, "Every step may run twice; its outcome is in the journal before the next begins", (
            f"{_E}/test_kill.py::test_killed_in_export_and_in_import_then_resumed",
            f"{_N}/test_journal.py::test_a_torn_line_is_skipped_and_does_not_swallow_the_next_record")),
        Point(32, "Stopping waits for a safe point, and says so", (
            f"{_S}/test_run_page.py::test_stop_waits_for_a_safe_point_and_resume_goes_on",
            f"{_S}/test_run_state.py::test_stopping_is_told_until_the_run_ends")),
        Point(33, "A failure says what, AWS's code, request id, remedy; retry, skip where allowed, edit, undo, bundle", (
            f"{_S}/test_run_page.py::test_a_failure_says_all_and_is_retried_with_enter",)),
        Point(34, "Part of it goes on after a failure only where the plan says so; the summary lists both", ()),
        Point(35, "A closed terminal or a TERM saves, gives the terminal back and can be resumed", ()),
        Point(36, "Long waits say when they look next, and can be left and resumed", ()),
        Point(37, "A bell and a title when it is over", ()),
    )),
    ("Help and sharing", (
        Point(38, "The footer has only keys that work now; F1 explains the field in focus", ()),
        Point(39, "A palette with every action of the page and of the program", ()),
        Point(40, "Each page shows the command that does the same, to copy", ()),
        Point(41, "A policy can be read, copied and saved, and it says which happened", (
            f"{_S}/test_policies_page.py::test_saving_always_says_which_happened",)),
        Point(42, "Copying works over SSH, and success is never claimed that cannot be known", (
            f"{_S}/test_policies_page.py::test_a_copy_never_claims_more_than_can_be_known",)),
        Point(43, "A support bundle without secrets, on this machine only", ()),
        Point(44, "Version and where session and log lie: on a page and after a crash", ()),
    )),
    ("Sessions", (
        Point(45, "Saved at every change; the list says title, target, step and age; going on is the default", (
            f"{_S}/test_start_page.py::test_each_session_says_source_target_place_and_age",
            f"{_S}/test_start_page.py::test_the_newest_unfinished_one_is_marked_and_enter_resumes_it")),
        Point(46, "What changed in AWS since is shown before going on", (
            f"{_N}/test_drift.py::test_status_version_class_and_settings_are_told_with_before_and_now",)),
        Point(47, "Two processes cannot run one session; the second is told who has it", (
            f"{_N}/test_store.py::test_second_process_is_told_who_holds_the_session_and_a_kill_frees_it",
            f"{_S}/test_pages.py::test_two_wizards_cannot_open_one_session")),
        Point(48, "Older sessions open; newer ones are refused and never overwritten", (
            f"{_N}/test_store.py::test_a_session_of_the_first_format_still_opens",
            f"{_N}/test_store.py::test_session_from_the_future_is_refused_and_not_overwritten")),
        Point(49, "No secret in session, log, crash file, bundle or capture: a canary is looked for", (
            "tests/canary/test_secrets.py::test_no_canary_in_anything_that_is_written_or_shown",
            f"{_E}/test_migration.py::test_canaries_are_nowhere")),
    )),
    ("The terminal", (
        Point(50, "Works at 80x24; below its least size it says so and never crashes", (
            f"{_S}/test_safety.py::test_a_terminal_that_is_too_small_says_so_and_recovers",
            f"{_S}/test_safety.py::test_every_page_opens_at_40x10_and_60x15",
            f"{_E}/test_walk.py::test_a_terminal_of_40_by_10_says_so_and_recovers")),
        Point(51, "Wide terminals show more: the reasons beside the page", (
            f"{_S}/test_safety.py::test_wide_terminals_say_why",)),
        Point(52, "Any storm of resizes is survived", ()),
        Point(53, "NO_COLOR: grey, and everything still told", (
            f"{_S}/test_safety.py::test_without_colour_states_are_still_told",)),
        Point(54, "A theme of the terminal's own 16 colours", ()),
        Point(55, "Without a terminal it refuses with exit code 2 and names the flags", (
            f"{_C}/test_start.py::test_without_a_terminal_the_flags_to_use_are_named",)),
        Point(56, "TERM=dumb, ACCESSIBLE=1 and --plain: numbered prompts, no redrawing, no boxes", ()),
        Point(57, "Plain mode is the way for screen readers; in the full screen the terminal's cursor follows", ()),
        Point(58, "Nothing is told by movement; animations can be off", ()),
        Point(59, "--no-mouse leaves selecting to the terminal", ()),
        Point(60, "Text from outside sends no control sequence and breaks no markup", (
            "tests/canary/test_controls.py::test_hostile_text_reaches_the_terminal_inert",
            f"{_S}/test_safety.py::test_markup_and_escapes_in_names_are_inert",)),
        Point(61, "Exit codes mean something: 0, 1, 2, 75, 130, 143", ()),
    )),
)  # fmt: skip

POINTS: tuple[Point, ...] = tuple(point for _title, points in GROUPS for point in points)
