"""Preflight: every check on both sides as a line; what complains is said once more, with what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import engine_preflight, preflight_text
from mwaa_wizard.i18n import _, sentence, sentences

from .looking import look
from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_preflight import Row
    from mwaa_wizard.front.opened import Opened

AGAIN = "preflight.again"


def _seen(row: Row) -> str:
    return sentences((sentence(f"{preflight_text.word(row.verdict)}: {row.name}"), row.evidence))


def preflight_page(talk: Talk, opened: Opened) -> list[str]:
    """The page; what certainly stands against going on. Raises Back."""

    def tell(row: Row) -> None:
        if not row.complains:
            talk.say(_seen(row))

    while True:
        result = look(
            talk, _("Checking both sides; nothing is changed …"), lambda: engine_preflight.look(opened.session, tell)
        )
        talk.say(preflight_text.closing(result.count("warn"), result.count("fail")))
        complaints = [row for row in result.rows if row.complains]
        for row in complaints:
            talk.say(_seen(row))
            if row.remedy:
                talk.say(_("To mend it: {remedy}").format(remedy=row.remedy))
        if not complaints or not talk.yes(_("Check again?"), AGAIN):
            return [f"{row.name}: {row.evidence} {row.remedy}".strip() for row in result.certain]
