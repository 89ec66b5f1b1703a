"""When Python looks for garbage: in the pause after a page was shown, not while one is being drawn.

A page that is left leaves thousands of objects that hold each other. Left to itself Python looks for those of some
thirty pages at once: 220 to 380 ms in the middle of a key press, as measured.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

PAUSE = 0.08  # s after a page was drawn; a person looks at it for longer
# Above what one page makes anew: nothing is looked for while it is drawn. The later ones hold where there is no pause.
_THRESHOLDS = (100_000, 10, 100)
_MANY = 60_000  # objects in use beyond those that stay: modules were loaded since; a page alone was seen at 48,000


class Tidy:
    """Looks for garbage when it disturbs nobody."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._timer: Timer | None = None

    def begin(self) -> None:
        """The first screen stands: what is loaded by now stays, and need not be looked through again."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)

    def page_shown(self) -> None:
        """A page was drawn: in a moment nobody waits for anything."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        gc.collect()
        if len(gc.get_objects()) > _MANY:
            gc.freeze()  # keeps this page's remains, too, once for each lot of modules
