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
        Point(4, "The rail tells states by glyph and by word", (
            f"{_S}/test_questions_on_pages.py::test_wide_rails_have_the_word_beside_the_glyph_and_the_counter_adapts",
            f"{_S}/test_questions_on_pages.py::test_a_blocked_page_says_in_the_rail_what_comes_first",
            f"{_S}/test_flow.py::test_marks_tell_done_here_to_do_and_to_mend",
        )),
        Point(5, "Any page that is done can be jumped to; what an earlier change made stale is marked", (
            f"{_S}/test_walk.py::test_rail_and_palette_reach_done_pages",
            f"{_S}/test_questions_on_pages.py::test_a_stale_page_says_why_until_it_is_looked_at_and_review_names_it",
            "tests/front/test_stale.py::test_another_version_makes_what_rests_on_it_stale_and_says_why",
        )),
        Point(6, "Pages that do not apply are left out with their reason, and the count follows", (
            f"{_S}/test_route_page.py::test_a_page_that_is_left_out_says_why_in_the_rail",
            "tests/front/test_stale.py::test_the_counter_leaves_out_what_is_left_out",
        )),
        Point(7, "Each page has a sensible focus, and the common path is Enter, Enter, Enter", (
            f"{_S}/test_questions_on_pages.py::test_enter_alone_goes_through_the_pages_where_the_default_is_right",
            f"{_E}/test_walk.py::test_demo_to_a_verified_summary_in_forty_presses",
        )),
        Point(8, "`/` narrows every list, Esc shows all again", (
            f"{_S}/test_questions_on_pages.py::test_slash_filters_the_list_and_esc_shows_all_again",
            f"{_S}/test_source_page.py::test_the_filter_is_left_by_esc_before_the_page",
            f"{_S}/test_start_page.py::test_slash_filters_and_esc_shows_all_again",
            f"{_S}/test_preflight_page.py::test_c_shows_only_what_complains_and_slash_filters",
            f"{_S}/test_cutover_page.py::test_a_filter_narrows_what_all_means",
        )),
        Point(9, "One key has one meaning everywhere, from one registry", (
            f"{_S}/test_keymap.py::test_every_binding_is_in_the_registry_with_its_one_meaning",
            f"{_S}/test_keymap.py::test_an_action_does_not_hide_behind_two_meanings")),
        Point(10, "Ctrl-Q leaves with how to go on; Ctrl-C ends no migration", (
            f"{_S}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
            f"{_C}/test_terminal.py::test_ctrl_c_stops_nothing_and_says_what_quits",
        )),
        Point(11, "Leaving while steps run asks first: stay, stop safely, leave at once", (
            f"{_S}/test_run_page.py::test_quitting_while_it_runs_asks_first",
            f"{_S}/test_run_failure.py::test_leaving_at_once_is_possible_and_says_the_same",
        )),
        Point(12, "Only keys that every terminal delivers", (
            f"{_S}/test_keymap.py::test_only_keys_that_every_terminal_delivers",)),
    )),
    ("Answers", (
        Point(13, "Answers are checked when a field is left and before going on, beside the field, with the remedy", (
            f"{_S}/test_questions_on_pages.py::test_a_half_typed_name_is_told_beside_its_field_and_survives_every_way_out",
            f"{_S}/test_pages.py::test_an_invalid_setting_is_marked_beside_its_field",
        )),
        Point(14, "What cannot be is not offered: pickers, and names checked as they are typed", (
            f"{_S}/test_seam.py::test_pickers_say_what_mwaa_would_refuse_and_put_it_last",
            f"{_S}/test_questions_on_pages.py::test_what_cannot_be_in_a_name_cannot_be_typed_and_a_paste_loses_its_newline",
        )),
        Point(15, "Long lists load while the page is used, and are asked for again on the spot", (
            f"{_S}/test_questions_on_pages.py::test_choices_are_loaded_in_sight_and_asked_again_on_the_spot",
            f"{_S}/test_source_page.py::test_rows_appear_while_another_region_is_still_asked",
        )),
        Point(16, "The source's value beside the target's, changes marked, one or all reset", (
            f"{_S}/test_questions_on_pages.py::test_one_edit_or_all_of_them_are_taken_back",
            f"{_S}/test_pages.py::test_an_invalid_setting_is_marked_beside_its_field",
        ), captures=("en/settings.txt",)),
        Point(17, "All, none, invert; rows and sizes beside each table", (
            f"{_S}/test_pages.py::test_tables_pick_all_none_invert",
            f"{_S}/test_pages.py::test_tables_show_real_counts_after_counting")),
        Point(18, "What is dangerous is off; every option is explained beside it", (
            f"{_S}/test_questions_on_pages.py::test_what_is_dangerous_is_off_and_told_before_it_is_chosen",
            f"{_S}/test_run_page.py::test_undo_lists_what_it_touches_and_is_off_by_default",
        )),
        Point(19, "Pasting works in every field, without the newline at its end", (
            f"{_S}/test_questions_on_pages.py::test_what_cannot_be_in_a_name_cannot_be_typed_and_a_paste_loses_its_newline",
            f"{_S}/test_questions_on_pages.py::test_pasted_lines_become_several_patterns",
        )),
    )),
    ("Before anything is changed", (
        Point(20, "Review shows profile, account, region, both sides, differences, tables, days and steps", (
            f"{_S}/test_questions_on_pages.py::test_review_shows_both_sides_what_differs_and_what_comes_along",
            f"{_S}/test_walk.py::test_every_step_is_shown_before_it_runs",
        ), captures=("en/review.txt",)),
        Point(21, "A dry run goes through the same plan, and says that it is one", (
            f"{_C}/test_output.py::test_dry_run_needs_no_aws_and_changes_nothing",)),
        Point(22, "Read-only by flag and variable", (
            "tests/test_readonly.py::test_a_client_refuses_before_the_request_is_sent",
            "tests/test_readonly.py::test_the_runner_refuses_to_run_and_to_undo_but_not_a_dry_run")),
        Point(23, "The last confirmation names the target and has its name typed", (
            f"{_S}/test_pages.py::test_review_starts_only_with_the_targets_name",)),
        Point(24, "Preflight: pass, warning or failure with its remedy, before anything is changed", (
            f"{_S}/test_preflight_page.py::test_every_check_is_told_by_glyph_and_word_with_its_remedy",
            f"{_S}/test_preflight_page.py::test_a_failure_that_only_another_answer_mends_is_why_next_is_refused",
            f"{_S}/test_preflight_page.py::test_it_comes_between_policies_and_review_and_journals_nothing",
        )),
        Point(25, "Profile, account and region are always in sight, production in another colour", (
            f"{_S}/test_palette.py::test_what_counts_as_production_is_the_users_to_say",
            f"{_S}/test_routes_on_pages.py::test_two_accounts_are_on_every_page_and_close_the_way_in_place",
            f"{_S}/test_safety.py::test_identity_of_a_low_terminal_keeps_both_accounts_and_regions",
        ), captures=("en/source.txt",)),
        Point(26, "An expired login is told with the command that renews it; afterwards the page goes on", (
            f"{_S}/test_source_page.py::test_an_expired_login_shows_its_command_and_r_goes_on",)),
    )),
    ("The run", (
        Point(27, "Nothing blocks for 100 ms; what takes longer is said", (
            f"{_S}/test_run_page.py::test_what_takes_longer_than_a_moment_is_said_and_stays_readable_while_keys_are_heard",
            f"{_S}/test_judged.py::test_a_slow_look_up_is_told_and_the_page_goes_on_taking_keys",
        ),
            reason="How long it blocks at most is measured by `make bench-ui`."),
        Point(28, "Steps with state, elapsed time and retries; a log of each, the whole log one key away", (
            f"{_S}/test_run_failure.py::test_details_of_a_step_hold_what_it_does_made_and_was_answered",
            f"{_S}/test_run_log.py::test_all_steps_together_and_one_step",
            f"{_S}/test_run_log.py::test_the_whole_log_jumps_searches_and_follows",
            "tests/execution/test_runner.py::test_retries_are_told_counted_and_journalled_with_the_steps_end",
        ), captures=("en/run.txt",)),
        Point(29, "Progress is honest: counted where counts exist, else elapsed and typical time", (
            "tests/front/test_eta.py::test_nothing_is_said_before_a_second_of_samples_or_without_a_total",
            "tests/front/test_eta.py::test_only_the_last_minute_counts_and_a_halt_makes_it_longer",
            f"{_S}/test_run_page.py::test_a_step_that_waits_shows_when_it_looks_again_and_what_is_usual",
        )),
        Point(30, "The log follows until it is scrolled, End follows again; it can be searched", (
            f"{_S}/test_run_page.py::test_the_log_stands_still_while_it_is_read",
            f"{_S}/test_run_log.py::test_a_level_and_a_word_are_looked_for_in_the_file_not_only_on_the_screen",
        )),
        Point(31, "Every step may run twice; its outcome is in the journal before the next begins", (
            f"{_E}/test_kill.py::test_killed_in_export_and_in_import_then_resumed",
            f"{_N}/test_journal.py::test_a_torn_line_is_skipped_and_does_not_swallow_the_next_record")),
        Point(32, "Stopping waits for a safe point, and says so", (
            f"{_S}/test_run_page.py::test_stop_waits_for_a_safe_point_and_resume_goes_on",
            f"{_S}/test_run_state.py::test_stopping_is_told_until_the_run_ends",
            f"{_S}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
        )),
        Point(33, "A failure says what, AWS's code, request id, remedy; retry, skip if allowed, edit, undo, bundle", (
            f"{_S}/test_run_failure.py::test_the_panel_has_every_way_on_and_the_failed_step_in_sight_at_80x24",
            f"{_S}/test_run_failure.py::test_a_step_the_plan_does_without_is_left_out_after_a_word_on_what_is_missed",
            f"{_S}/test_run_failure.py::test_a_support_bundle_is_listed_first_and_only_then_written",
            f"{_S}/test_run_page.py::test_a_failure_says_all_and_is_retried_with_enter",
        ), captures=("en/run-failed.txt",)),
        Point(34, "Part of it goes on after a failure only where the plan says so; the summary lists both", (
            "tests/execution/test_runner.py::test_a_step_that_the_user_leaves_out_is_passed_over_and_the_report_says_so",
            "tests/report/test_report.py::test_what_was_done_and_what_was_left_out_or_failed_are_both_listed",
            f"{_S}/test_run_failure.py::test_what_was_left_out_is_told_and_taken_in_again",
        )),
        Point(35, "A closed terminal or a TERM saves, gives the terminal back and can be resumed", (
            f"{_C}/test_terminal.py::test_a_signal_gives_the_terminal_back_and_says_which_it_was",
            f"{_E}/test_kill.py::test_killed_in_export_and_in_import_then_resumed",
            f"{_S}/test_walk.py::test_resume_opens_the_run_and_goes_on_at_once",
        )),
        Point(36, "Long waits say when they look next, and can be left and resumed", (
            f"{_S}/test_run_page.py::test_a_step_that_waits_shows_when_it_looks_again_and_what_is_usual",
            f"{_S}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
            "tests/execution/test_runner.py::test_long_waits_say_when_they_look_again_and_short_ones_do_not",
        )),
        Point(37, "A bell and a title when it is over", (
            f"{_S}/test_terminal_title.py::test_the_end_of_a_run_rings_and_is_in_the_title",
        )),
    )),
    ("Help and sharing", (
        Point(38, "The footer has only keys that work now; F1 explains the field in focus", (
            f"{_S}/test_judged.py::test_the_footer_has_only_what_works_now",
            f"{_S}/test_judged.py::test_f1_explains_the_field_in_focus",
        )),
        Point(39, "A palette with every action of the page and of the program", (
            f"{_S}/test_palette.py::test_every_key_that_works_on_a_page_is_a_command_too",
            f"{_S}/test_palette.py::test_typing_finds_a_command_and_enter_does_it",
        )),
        Point(40, "Each page shows the command that does the same, to copy", (
            f"{_S}/test_questions_on_pages.py::test_f4_shows_the_pages_command_and_copying_claims_no_more_than_is_known",
            "tests/front/test_command_line.py::test_the_command_of_a_page_gives_its_answers_again",
            "tests/front/test_command_line.py::test_every_page_has_a_command",
        )),
        Point(41, "A policy can be read, copied and saved, and it says which happened", (
            f"{_S}/test_policies_page.py::test_what_is_copied_and_saved_is_what_the_command_prints",
            f"{_S}/test_policies_page.py::test_saving_always_says_which_happened",
        ), captures=("en/policies.txt",)),
        Point(42, "Copying works over SSH, and success is never claimed that cannot be known", (
            f"{_S}/test_policies_page.py::test_a_copy_never_claims_more_than_can_be_known",
            f"{_S}/test_run_log.py::test_hostile_wide_and_endless_lines_in_the_whole_log",
        )),
        Point(43, "A support bundle without secrets, on this machine only", (
            "tests/report/test_support.py::test_no_canary_is_in_it_and_what_explains_is",
            "tests/report/test_support.py::test_the_command_lists_asks_and_says_where_it_is_and_that_nothing_was_sent",
            "tests/canary/test_for_others.py::test_the_support_bundle",
        )),
        Point(44, "Version and where session and log lie: on a page and after a crash", (
            f"{_S}/test_palette.py::test_about_names_version_session_log_and_terminal",
            f"{_S}/test_safety.py::test_a_crash_leaves_a_file_without_locals_and_the_way_back",
        )),
    )),
    ("Sessions", (
        Point(45, "Saved at every change; the list says title, target, step and age; going on is the default", (
            f"{_S}/test_start_page.py::test_each_session_says_source_target_place_and_age",
            f"{_S}/test_start_page.py::test_the_newest_unfinished_one_is_marked_and_enter_resumes_it")),
        Point(46, "What changed in AWS since is shown before going on", (
            f"{_N}/test_drift.py::test_status_version_class_and_settings_are_told_with_before_and_now",
            "tests/prompts/test_wizard.py::test_what_changed_since_is_said_before_going_on",
        )),
        Point(47, "Two processes cannot run one session; the second is told who has it", (
            f"{_N}/test_store.py::test_second_process_is_told_who_holds_the_session_and_a_kill_frees_it",
            f"{_S}/test_pages.py::test_two_wizards_cannot_open_one_session")),
        Point(48, "Older sessions open; newer ones are refused and never overwritten", (
            f"{_N}/test_store.py::test_a_session_of_the_first_format_still_opens",
            f"{_N}/test_store.py::test_session_from_the_future_is_refused_and_not_overwritten")),
        Point(49, "No secret in session, log, crash file, bundle or capture: a canary is looked for", (
            "tests/canary/test_secrets.py::test_no_canary_in_anything_that_is_written_or_shown",
            "tests/canary/test_plain.py::test_a_typed_secret_is_neither_repeated_nor_kept",
            "tests/canary/test_for_others.py::test_the_exported_session",
            f"{_E}/test_migration.py::test_canaries_are_nowhere",
        )),
    )),
    ("The terminal", (
        Point(50, "Works at 80x24; below its least size it says so and never crashes", (
            f"{_S}/test_safety.py::test_a_terminal_that_is_too_small_says_so_and_recovers",
            f"{_S}/test_safety.py::test_every_page_opens_at_40x10_and_60x15",
            f"{_E}/test_walk.py::test_a_terminal_of_40_by_10_says_so_and_recovers")),
        Point(51, "Wide terminals show more: the reasons beside the page", (
            f"{_S}/test_safety.py::test_wide_terminals_say_why",)),
        Point(52, "Any storm of resizes is survived", (
            f"{_C}/test_terminal.py::test_a_storm_of_sizes_leaves_a_page_that_works_and_quitting_gives_the_terminal_back",
        )),
        Point(53, "NO_COLOR: grey, and everything still told", (
            f"{_C}/test_terminal.py::test_no_color_draws_no_colour",
            f"{_S}/test_safety.py::test_without_colour_states_are_still_told",
        ), captures=("en/settings.txt",)),
        Point(54, "A theme of the terminal's own 16 colours", (
            f"{_S}/test_judged.py::test_in_16_colours_nothing_else_is_drawn_on_any_page",
            f"{_S}/test_palette.py::test_every_page_can_be_read_in_every_theme",
        )),
        Point(55, "Without a terminal it refuses with exit code 2 and names the flags", (
            f"{_C}/test_terminal.py::test_without_a_terminal_on_either_end_it_is_refused_with_the_commands_to_use",
            f"{_C}/test_start.py::test_without_a_terminal_the_flags_to_use_are_named",
        )),
        Point(56, "TERM=dumb, ACCESSIBLE=1 and --plain: numbered prompts, no redrawing, no boxes", (
            "tests/prompts/test_terminal.py::test_plain_lines_and_no_control_sequence",
            "tests/prompts/test_wizard.py::test_nothing_is_redrawn_coloured_or_drawn",
        )),
        Point(57, "Plain mode is the way for screen readers; in the full screen the terminal's cursor follows", (
            f"{_S}/test_judged.py::test_the_terminals_cursor_follows_the_mark_in_lists",
            "tests/prompts/test_wizard.py::test_first_line_to_report_mostly_by_enter",
        )),
        Point(58, "Nothing is told by movement; animations can be off", (
            f"{_S}/test_judged.py::test_animations_are_off_where_the_variable_says_so",
            f"{_S}/test_judged.py::test_in_16_colours_nothing_else_is_drawn_on_any_page",
            "tests/prompts/test_running.py::test_progress_is_told_every_ten_seconds_or_ten_percent_but_not_in_one_breath",
        )),
        Point(59, "--no-mouse leaves selecting to the terminal", (
            f"{_C}/test_terminal.py::test_the_mouse_is_left_to_the_terminal_where_asked",
        )),
        Point(60, "Text from outside sends no control sequence and breaks no markup", (
            "tests/canary/test_controls.py::test_hostile_text_reaches_the_terminal_inert",
            "tests/canary/test_plain.py::test_hostile_names_are_printed_inert",
            f"{_S}/test_safety.py::test_markup_and_escapes_in_names_are_inert",
        )),
        Point(61, "Exit codes mean something: 0, 1, 2, 75, 130, 143", (
            f"{_C}/test_terminal.py::test_a_signal_gives_the_terminal_back_and_says_which_it_was",
            "tests/cli/test_output.py::test_a_first_signal_stops_where_resume_goes_on",
            f"{_C}/test_start.py::test_unknown_words_are_usage_errors",
            f"{_C}/test_output.py::test_json_of_a_run_that_fails",
        )),
    )),
)  # fmt: skip

POINTS: tuple[Point, ...] = tuple(point for _title, points in GROUPS for point in points)
