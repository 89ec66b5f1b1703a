"""Ways through."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(1, "The whole flow by arrows, Enter, Space and Tab (and the target's name typed); no mouse is needed", (
        f"{places.POINTS}::test_the_whole_flow_needs_arrows_enter_and_tab_only",
        f"{places.POINTS}::test_the_keys_of_the_footer_are_marked_by_arrows_and_done_by_enter",
        f"{places.E2E}/test_walk.py::test_demo_to_a_verified_summary_in_forty_presses",
    )),
    Point(2, "Esc is always one step back and loses nothing that was entered, half-typed texts included", (
        f"{places.WALK}::test_esc_is_one_page_back",
        f"{places.SCREENS}/test_walk.py::test_back_to_the_first_page_keeps_everything",
        f"{places.POINTS}::test_what_is_half_typed_is_there_after_the_way_back",
        f"{places.SCREENS}/test_questions_on_pages.py::test_a_half_typed_setting_is_there_when_the_box_opens_again",
    )),
    Point(3, "The way forward is refused with the name of what is missing; it is never a dead key", (
        f"{places.SCREENS}/test_pages.py::test_connect_is_refused_until_sts_answered",
        f"{places.SCREENS}/test_pages.py::test_settings_next_tells_how_many_are_to_mend",
        f"{places.SCREENS}/test_pages.py::test_tables_pick_all_none_invert",
        f"{places.SCREENS}/test_pages.py::test_review_starts_only_with_the_targets_name",
        f"{places.SCREENS}/test_entries_page.py::test_a_value_is_given_without_being_seen_or_saved",
        f"{places.SCREENS}/test_flow.py::test_a_new_session_misses_what_it_misses",
    )),
    Point(4, "The rail tells done, here, blocked and left out by glyph and by word, never by colour alone", (
        f"{places.CAPTURES}::test_every_glyph_of_the_rail_has_its_word_on_the_same_screen",
        f"{places.SCREENS}/test_questions_on_pages.py::test_wide_rails_have_the_word_beside_the_glyph_and_the_counter_adapts",
        f"{places.SCREENS}/test_questions_on_pages.py::test_a_blocked_page_says_in_the_rail_what_comes_first",
        f"{places.FRONT}/test_stale.py::test_what_is_missing_in_front_blocks_and_is_named",
    )),
    Point(5, "Any page that is done can be jumped to; whatever answer changes, what rests on it is marked stale", (
        f"{places.SCREENS}/test_walk.py::test_rail_and_palette_reach_done_pages",
        f"{places.SCREENS}/test_palette.py::test_the_pages_are_in_the_order_of_the_rail",
        f"{places.FRONT}/test_points_questions.py::test_each_answer_makes_what_rests_on_it_stale_and_nothing_else",
        f"{places.SCREENS}/test_questions_on_pages.py::test_a_stale_page_says_why_until_it_is_looked_at_and_review_names_it",
    )),
    Point(6, "Pages that a route has not are left out with their reason, and the counter follows", (
        f"{places.SCREENS}/test_route_page.py::test_a_page_that_is_left_out_says_why_in_the_rail",
        f"{places.FRONT}/test_stale.py::test_the_counter_leaves_out_what_is_left_out",
        f"{places.SCREENS}/test_questions_on_pages.py::test_wide_rails_have_the_word_beside_the_glyph_and_the_counter_adapts",
    )),
    Point(7, "Each page begins where it is to be answered, or on its way on; the common path is Enter, Enter, Enter", (
        f"{places.WALK}::test_the_focus_is_where_a_page_is_answered",
        f"{places.SCREENS}/test_onward.py::test_enter_alone_goes_through_the_pages_where_the_default_is_right",
        f"{places.SCREENS}/test_onward.py::test_the_way_on_is_marked_first_and_an_arrow_goes_into_the_page",
        f"{places.SCREENS}/test_onward.py::test_where_something_is_to_be_given_the_page_begins_there",
        f"{places.SCREENS}/test_onward.py::test_space_on_arrival_picks_and_leaves_enter_to_the_list",
    )),
    Point(8, "`/` narrows every list, also in boxes, and Esc shows all again before it leaves", (
        f"{places.WALK}::test_a_list_has_a_filter",
        f"{places.SCREENS}/test_questions_on_pages.py::test_slash_filters_the_list_and_esc_shows_all_again",
        f"{places.SCREENS}/test_source_page.py::test_the_filter_is_left_by_esc_before_the_page",
        f"{places.SCREENS}/test_start_page.py::test_slash_filters_and_esc_shows_all_again",
        f"{places.SCREENS}/test_preflight_page.py::test_c_shows_only_what_complains_and_slash_filters",
        f"{places.SCREENS}/test_cutover_page.py::test_a_filter_narrows_what_all_means",
        f"{places.SCREENS}/test_questions_on_pages.py::test_regions_are_filtered_and_what_is_hidden_keeps_its_choice",
        f"{places.POINTS}::test_the_lists_of_boards_and_boxes_are_narrowed_too",
    ),
        reason="On Run and Policies `/` searches the text; their lists (steps, documents) are short."),
    Point(9, "One key has one meaning everywhere, from one registry", (
        f"{places.SCREENS}/test_keymap.py::test_every_binding_is_in_the_registry_with_its_one_meaning",
        f"{places.SCREENS}/test_keymap.py::test_an_action_does_not_hide_behind_two_meanings",
    )),
    Point(10, "Ctrl-Q leaves with “saved” and how to go on; Ctrl-C ends nothing, a migration least of all", (
        f"{places.POINTS}::test_quitting_where_nothing_runs_says_that_it_is_saved_and_how_to_go_on",
        f"{places.SCREENS}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
        f"{places.SCREENS}/test_run_page.py::test_quitting_while_it_runs_asks_first",
        f"{places.CLI}/test_terminal.py::test_ctrl_c_stops_nothing_and_says_what_quits",
    )),
    Point(11, "Leaving while steps run asks first: keep watching, stop safely, leave at once", (
        f"{places.SCREENS}/test_run_page.py::test_quitting_while_it_runs_asks_first",
        f"{places.SCREENS}/test_run_failure.py::test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point",
        f"{places.SCREENS}/test_run_failure.py::test_leaving_at_once_is_possible_and_says_the_same",
    )),
    Point(12, "Only keys that every terminal delivers: letters, F1 to F10, Ctrl and a letter, arrows", (
        f"{places.SCREENS}/test_keymap.py::test_only_keys_that_every_terminal_delivers",
        f"{places.SCREENS}/test_keymap.py::test_every_binding_is_in_the_registry_with_its_one_meaning",
    )),
)  # fmt: skip
