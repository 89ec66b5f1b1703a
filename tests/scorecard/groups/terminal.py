"""The terminal."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(50, "Every page works at 80x24 and down to 60x15; below that it says what it needs and never crashes", (
        f"{places.WALK}::test_80_by_24_is_enough_and_less_is_said",
        f"{places.CAPTURES}::test_no_row_is_wider_than_its_terminal_and_the_last_one_says_a_way_out",
        f"{places.SCREENS}/test_safety.py::test_a_terminal_that_is_too_small_says_so_and_recovers",
        f"{places.E2E}/test_walk.py::test_a_terminal_of_40_by_10_says_so_and_recovers",
    )),
    Point(51, "From 120 columns on pages use the room: the reasons beside them, more columns", (
        f"{places.WALK}::test_wide_begins_at_120_columns",
        f"{places.SCREENS}/test_safety.py::test_wide_terminals_say_why",
    )),
    Point(52, "Any storm of resizes is survived, on every page, down to 0x0", (
        f"{places.WALK}::test_any_sizes_end_where_they_began",
        f"{places.CLI}/test_terminal.py::test_a_storm_of_sizes_leaves_a_page_that_works_and_quitting_gives_the_terminal_back",
    )),
    Point(53, "NO_COLOR: grey, every screen can be read, and everything is still told", (
        f"{places.CLI}/test_terminal.py::test_no_color_draws_no_colour",
        f"{places.CAPTURES}::test_without_colour_every_screen_is_grey_can_be_read_and_says_the_same",
        f"{places.SCREENS}/test_safety.py::test_without_colour_states_are_still_told",
    )),
    Point(54, "A theme of the terminal's own 16 colours", (
        f"{places.CLI}/test_terminal.py::test_sixteen_colours_are_the_terminals_own",
        f"{places.CAPTURES}::test_in_16_colours_every_screen_has_the_terminals_own_only",
        f"{places.SCREENS}/test_judged.py::test_in_16_colours_nothing_else_is_drawn_on_any_page",
    )),
    Point(55, "Without a terminal it refuses with exit code 2 and names the flags to use", (
        f"{places.CLI}/test_terminal.py::test_without_a_terminal_on_either_end_it_is_refused_with_the_commands_to_use",
        f"{places.CLI}/test_start.py::test_without_a_terminal_the_flags_to_use_are_named",
    )),
    Point(56, "TERM=dumb, ACCESSIBLE=1 and --plain: numbered prompts, no redrawing, no spinners, no boxes", (
        "tests/prompts/test_terminal.py::test_plain_lines_and_no_control_sequence",
        "tests/prompts/test_wizard.py::test_nothing_is_redrawn_coloured_or_drawn",
    )),
    Point(57, "Plain mode is the way for screen readers, all of it; in the full screen the terminal's cursor follows", (
        "tests/prompts/test_wizard.py::test_first_line_to_report_mostly_by_enter",
        f"{places.SCREENS}/test_judged.py::test_the_terminals_cursor_follows_the_mark_in_lists",
        f"{places.SCREENS}/test_frame.py::test_the_terminals_cursor_follows_lists_and_tables",
        f"{places.CLI}/test_terminal.py::test_the_cursor_is_where_the_marked_line_is",
    )),
    Point(58, "Nothing is told by movement, animations can be off, and plain mode has no spinners", (
        f"{places.CLI}/test_terminal.py::test_nothing_moves_by_itself",
        f"{places.SCREENS}/test_judged.py::test_animations_are_off_where_the_variable_says_so",
        f"{places.SCREENS}/test_judged.py::test_in_16_colours_nothing_else_is_drawn_on_any_page",
        "tests/prompts/test_running.py::test_progress_is_told_every_ten_seconds_or_ten_percent_but_not_in_one_breath",
    )),
    Point(59, "--no-mouse leaves selecting to the terminal", (
        f"{places.CLI}/test_terminal.py::test_the_mouse_is_left_to_the_terminal_where_asked",
    )),
    Point(60, "Text from outside sends no control sequence and breaks no markup", (
        "tests/canary/test_controls.py::test_hostile_text_reaches_the_terminal_inert",
        "tests/canary/test_plain.py::test_hostile_names_are_printed_inert",
        f"{places.SCREENS}/test_safety.py::test_markup_and_escapes_in_names_are_inert",
        f"{places.SCREENS}/test_run_log.py::test_hostile_wide_and_endless_lines_in_the_whole_log",
    )),
    Point(61, "Exit codes: 0 done, 1 failed, 2 usage or no terminal, 75 can be resumed, 130 and 143 signals", (
        f"{places.CLI}/test_terminal.py::test_a_signal_gives_the_terminal_back_and_says_which_it_was",
        f"{places.CLI}/test_terminal.py::test_a_crash_shows_no_locals_writes_a_redacted_file_and_exits_with_one",
        f"{places.CLI}/test_output.py::test_a_first_signal_stops_where_resume_goes_on",
        f"{places.CLI}/test_output.py::test_dry_run_needs_no_aws_and_changes_nothing",
        f"{places.CLI}/test_output.py::test_reports_of_a_session_never_run_and_partly_run",
        f"{places.CLI}/test_start.py::test_unknown_words_are_usage_errors",
    )),
)  # fmt: skip
