"""Answers."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(13, "Answers are checked when a field is left and by Next, beside the field, with how to mend them", (
        f"{places.POINTS}::test_a_wrong_answer_is_told_beside_its_field_when_it_is_left_and_by_next",
        f"{places.SCREENS}/test_questions_on_pages.py::test_a_half_typed_name_is_told_beside_its_field_and_survives_every_way_out",
        f"{places.SCREENS}/test_pages.py::test_an_invalid_setting_is_marked_beside_its_field",
    )),
    Point(14, "What cannot be is not taken: pickers, and names held to their pattern as they are typed", (
        f"{places.FRONT}/test_points_questions.py::test_what_cannot_be_is_not_taken_in_words",
        f"{places.SCREENS}/test_seam.py::test_pickers_say_what_mwaa_would_refuse_and_put_it_last",
        f"{places.SCREENS}/test_questions_on_pages.py::test_what_cannot_be_in_a_name_cannot_be_typed_and_a_paste_loses_its_newline",
    ),
        reason="A region on page Connect is typed, completed and checked: new ones come faster than lists."),
    Point(15, "AWS's long lists load while the page is used, covered by a word, and are asked again on the spot", (
        f"{places.SCREENS}/test_questions_on_pages.py::test_choices_are_loaded_in_sight_and_asked_again_on_the_spot",
        f"{places.SCREENS}/test_questions_on_pages.py::test_a_list_that_waits_for_aws_is_covered_and_has_the_focus_when_it_comes",
        f"{places.SCREENS}/test_source_page.py::test_rows_appear_while_another_region_is_still_asked",
    )),
    Point(16, "The source's value beside the target's, what differs and what is edited marked, one or all reset", (
        f"{places.POINTS}::test_source_and_target_stand_side_by_side_and_one_edit_is_taken_back",
        f"{places.SCREENS}/test_questions_on_pages.py::test_one_edit_or_all_of_them_are_taken_back",
    )),
    Point(17, "All, none, invert; rows beside each table, and its size beside it or, at 80 columns, below the list", (
        f"{places.SCREENS}/test_pages.py::test_tables_pick_all_none_invert",
        f"{places.POINTS}::test_rows_are_beside_every_table_and_the_size_beside_it_or_below",
        f"{places.SCREENS}/test_cutover_page.py::test_a_paused_dag_cannot_be_picked_and_says_why",
    )),
    Point(18, "What is dangerous is off; every option is explained beside it before it is chosen", (
        f"{places.FRONT}/test_points_questions.py::test_what_is_dangerous_is_off_in_a_new_session",
        f"{places.FRONT}/test_points_questions.py::test_every_question_is_explained_and_so_is_each_choice",
        f"{places.SCREENS}/test_questions_on_pages.py::test_what_is_dangerous_is_off_and_told_before_it_is_chosen",
        f"{places.SCREENS}/test_run_page.py::test_undo_lists_what_it_touches_and_is_off_by_default",
    )),
    Point(19, "Pasting works in every field, as a bracketed paste too, without the newline at its end", (
        f"{places.POINTS}::test_a_paste_lands_without_its_newline_in_every_kind_of_field",
        f"{places.CLI}/test_points_terminal.py::test_a_bracketed_paste_goes_into_the_field_and_its_newline_does_nothing",
        f"{places.SCREENS}/test_questions_on_pages.py::test_pasted_lines_become_several_patterns",
    )),
)  # fmt: skip
