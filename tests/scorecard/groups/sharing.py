"""Help and sharing."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(38, "The footer has only keys that work now; F1 explains the field in focus", (
        f"{places.WALK}::test_the_footer_names_only_what_works_and_always_the_ways_out",
        f"{places.WALK}::test_f1_tells_of_what_has_the_focus_why_and_where_aws_says_it",
        f"{places.SCREENS}/test_judged.py::test_the_footer_has_only_what_works_now",
        f"{places.SCREENS}/test_judged.py::test_f1_explains_the_field_in_focus",
    )),
    Point(39, "Ctrl-P: a palette with every action of each page and of the program", (
        f"{places.WALK}::test_every_action_of_a_page_is_in_the_palette",
        f"{places.SCREENS}/test_palette.py::test_typing_finds_a_command_and_enter_does_it",
        f"{places.SCREENS}/test_palette.py::test_a_command_of_the_page_does_what_its_key_does",
    )),
    Point(40, "Each page shows the command that does the same, to copy", (
        f"{places.SCREENS}/test_questions_on_pages.py::test_f4_shows_the_pages_command_and_copying_claims_no_more_than_is_known",
        f"{places.FRONT}/test_command_line.py::test_the_command_of_a_page_gives_its_answers_again",
        f"{places.FRONT}/test_command_line.py::test_every_page_has_a_command",
    )),
    Point(41, "A policy can be read, copied and saved, and it says which happened", (
        f"{places.SCREENS}/test_policies_page.py::test_the_source_role_is_shown_with_its_place_size_and_first_reason",
        f"{places.SCREENS}/test_policies_page.py::test_what_is_copied_and_saved_is_what_the_command_prints",
        f"{places.SCREENS}/test_policies_page.py::test_saving_always_says_which_happened",
    )),
    Point(42, "Copying goes through the terminal (OSC 52), over SSH too; no success is claimed that cannot be known", (
        f"{places.POINTS}::test_a_copy_is_osc_52_with_the_exact_text",
        f"{places.POINTS}::test_no_word_after_a_copy_claims_that_it_arrived",
        f"{places.SCREENS}/test_policies_page.py::test_a_copy_never_claims_more_than_can_be_known",
    )),
    Point(43, "A support bundle without secrets, shown before it is written; it is never uploaded", (
        "tests/report/test_support.py::test_no_canary_is_in_it_and_what_explains_is",
        "tests/report/test_support.py::test_the_command_lists_asks_and_says_where_it_is_and_that_nothing_was_sent",
        f"{places.SCREENS}/test_run_failure.py::test_a_support_bundle_is_listed_first_and_only_then_written",
        "tests/canary/test_for_others.py::test_the_support_bundle",
    )),
    Point(44, "Version, and where session and logs lie: on a page and after a crash", (
        f"{places.SCREENS}/test_palette.py::test_about_names_version_session_log_and_terminal",
        f"{places.POINTS}::test_a_crash_says_version_session_and_logs_on_the_terminal_and_in_its_file",
        f"{places.SCREENS}/test_safety.py::test_a_crash_leaves_a_file_without_locals_and_the_way_back",
    )),
)  # fmt: skip
