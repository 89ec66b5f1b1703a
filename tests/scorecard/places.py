"""Where the tests lie that the points name."""

from __future__ import annotations

SCREENS, CLI, E2E, SESSION = "tests/screens", "tests/cli", "tests/e2e", "tests/session"
FRONT, EXECUTION = "tests/front", "tests/execution"
POINTS, WALK = f"{SCREENS}/test_points.py", f"{SCREENS}/test_points_walk.py"
CAPTURES = "tests/captures/test_points_in_captures.py"
