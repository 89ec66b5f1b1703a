"""Sessions."""

from __future__ import annotations

from tests.scorecard import places
from tests.scorecard.point import Point

POINTS = (
    Point(45, "Saved at every change; the list says title, target, step and age; going on is the default", (
        f"{places.POINTS}::test_each_change_is_on_disk_before_the_next_key",
        f"{places.SCREENS}/test_start_page.py::test_each_session_says_source_target_place_and_age",
        f"{places.SCREENS}/test_start_page.py::test_the_newest_unfinished_one_is_marked_and_enter_resumes_it",
    )),
    Point(46, "AWS is asked again, and what changed since is shown before going on", (
        f"{places.SCREENS}/test_drift.py::test_what_changed_is_shown_side_by_side_and_remembered",
        f"{places.SCREENS}/test_drift.py::test_a_resume_goes_on_only_after_it_was_shown_what_changed",
        f"{places.SESSION}/test_drift.py::test_status_version_class_and_settings_are_told_with_before_and_now",
        f"{places.SESSION}/test_drift.py::test_both_sides_are_looked_at_and_remembered_for_the_next_time",
        "tests/prompts/test_wizard.py::test_what_changed_since_is_said_before_going_on",
    )),
    Point(47, "Two processes cannot run one session; the second is told who has it", (
        f"{places.SESSION}/test_store.py::test_second_process_is_told_who_holds_the_session_and_a_kill_frees_it",
        f"{places.SCREENS}/test_start_page.py::test_a_session_that_is_open_elsewhere_is_not_deleted_and_says_by_whom",
        f"{places.SCREENS}/test_pages.py::test_two_wizards_cannot_open_one_session",
    )),
    Point(48, "Older sessions open; newer ones are refused by every way in and never overwritten", (
        f"{places.SESSION}/test_store.py::test_a_session_of_the_first_format_still_opens",
        f"{places.SESSION}/test_store.py::test_session_from_the_future_is_refused_and_not_overwritten",
        f"{places.POINTS}::test_resume_is_marked_and_a_newer_session_is_refused_by_every_way_in",
    )),
    Point(49, "No secret in session, log, crash file, bundle or capture: canaries are looked for", (
        "tests/canary/test_secrets.py::test_no_canary_in_anything_that_is_written_or_shown",
        "tests/canary/test_plain.py::test_a_typed_secret_is_neither_repeated_nor_kept",
        "tests/canary/test_for_others.py::test_the_exported_session",
        "tests/canary/test_for_others.py::test_the_crash_file",
        "tests/captures/test_captures.py::test_no_capture_names_this_machine_or_a_secret",
        f"{places.E2E}/test_migration.py::test_canaries_are_nowhere",
    )),
)  # fmt: skip
