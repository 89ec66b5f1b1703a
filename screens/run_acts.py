"""What the run page does when it is asked to: details, edit and retry, leave out, undo, support bundle."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine, flow, mending, step_facts
from mwaa_wizard.front.words import worded, wrap
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .run_text import listed_things
from .widgets.confirm import Choose, Confirm
from .widgets.type_name import TypeName

if TYPE_CHECKING:
    from mwaa_wizard.front.step_facts import StepFacts

    from .run import RunPage


def show_detail(page: RunPage) -> None:
    """A box with all that is known of the chosen step."""
    step = page.step
    if step is None:
        return
    session = page.session.model_copy(deep=True)

    def found(facts: StepFacts) -> None:
        from .widgets.step_detail import StepDetail

        now = dt.datetime.now(dt.UTC)
        shown = (page.run_shown.state.step(step.id) if page.run_shown else None) or step
        page.wizard.push_screen(StepDetail(shown, facts, shown.seconds(now), min(68, page.size.width - 10)))

    page.look_up(_("Reading the journal …"), lambda: step_facts.facts(session, step.id), found)


def page_to_edit(page: RunPage) -> str:
    """The title of the page where the failure can be mended; empty where there is none."""
    name = _page(page)
    return flow.title_of(name) if name else ""


def _page(page: RunPage) -> str:
    run = page.run_shown
    if run is None or run.state.error is None or run.state.undoing:
        return ""
    return mending.page_for(run.state.error, run.state.failed_step, page.session)


def edit(page: RunPage) -> None:
    """Open that page, and say how to come back."""
    name = _page(page)
    wizard = page.wizard
    if not name:
        return
    wizard.go_to(name)

    def told() -> None:
        shown = wizard.screen
        if getattr(shown, "alive", False) and getattr(shown, "PAGE", "") == name:
            shown.notice.hint(  # type: ignore[attr-defined]
                _("Mend it here; it is saved at once. Then F2, Run, and r goes on with the run.")
            )

    wizard.call_after_refresh(told)


def may_leave_out(page: RunPage) -> bool:
    """Whether the plan does without the failed step, or the chosen one was left out and can be taken in again."""
    run, step = page.run_shown, page.step
    if run is None or run.active or run.state.undoing:
        return False
    if step is not None and step.left_out:
        return True
    return run.state.outcome == "failed" and bool(page.skippable(run.state.failed_step))


def _noted(page: RunPage, step_id: str, *, out: bool) -> bool:
    """Whether the journal could take it; the page says so where it could not."""
    try:
        step_facts.leave_out(page.session, step_id, out=out)
    except OSError as problem:
        page.notice.error(worded(problem), retry=False)
        return False
    return True


def leave_out(page: RunPage) -> None:
    """Ask, note it in the journal, and go on; a step that was left out is taken in again."""
    run, step = page.run_shown, page.step
    if run is None or not may_leave_out(page):
        return
    if step is not None and step.left_out:
        if late := step_facts.too_late(page.session):
            page.notice.problems([late])
            return
        if not _noted(page, step.id, out=False):
            return
        page.read_again()
        page.notice.hint(_("{step} is in again: r does it now.").format(step=clean(step.title)))
        return
    failed = run.state.step(run.state.failed_step)
    if failed is None:
        return

    def answered(answer: str | None) -> None:
        if answer == "y" and _noted(page, failed.id, out=True):
            page.begin_again()

    page.wizard.push_screen(
        Confirm(
            _("Leave out “{step}” and go on?").format(step=clean(failed.title)),
            page.skippable(failed.id) + "\n\n" + _("The journal and the report say that you left it out. Until the "
                                                   "clean-up it can be taken in again: choose it, x, then r."),
            _("leave it out and go on"),
            _("no: the run stays where it is"),
        ),
        answered,
    )  # fmt: skip


def undo(page: RunPage) -> None:
    """Ask, then take back everything the journal says was made or changed."""
    run = page.run_shown
    if run is None or run.active:
        return
    made = engine.made_things(page.session)
    listed = "\n".join(listed_things(made)) or _("(nothing)")

    def answered(answer: str | None) -> None:
        if answer == "y":
            page.begin_again(undo=True)

    title = _("Undo everything this migration made or changed?")
    text = "\n\n".join([_("The journal lists:\n{things}").format(things=listed), *_undone_how(made)])
    gone = next((name for kind, name in made if kind == "environment"), "")
    if gone:
        # Nothing brings a deleted environment back: a letter is typed by mistake, its name is not.
        prompt = _("To undo all of it, type {name}; esc leaves it as it is.").format(name=clean(gone))
        page.wizard.push_screen(TypeName(title, text, prompt, gone), answered)
        return
    page.wizard.push_screen(Confirm(title, text, _("undo all of it"), _("leave it as it is")), answered)


def _undone_how(made: list[tuple[str, str]]) -> list[str]:
    """What an undo does to the target, by what the journal has of it."""
    kinds = {kind for kind, _name in made}
    if "environment" in kinds:
        return [_("The target environment made by it is deleted.")]
    if "airflow-version" in kinds:
        return [
            _("Nothing is deleted but what it added. The version goes back only where MWAA does that; each change of "
              "version is asked for again."),
        ]  # fmt: skip
    return []


def bundle(page: RunPage) -> None:
    """Show what a support bundle would hold; write it where that is wanted, and say where it is."""
    from mwaa_wizard.front import support

    session = page.session.model_copy(deep=True)

    def write(mask: bool) -> None:
        def written(path: str) -> None:
            words = _("Support bundle: {path} · nothing was sent anywhere; look into it before you send it.")
            page.notice.good(words.format(path=path))

        page.look_up(_("Writing the support bundle …"), lambda: support.write(session, mask_accounts=mask), written)

    def answered(answer: str | None) -> None:
        if answer in ("y", "m"):
            write(answer == "m")

    def listed(lines: list[str]) -> None:
        intro = _("One file on this machine, for you to look at and to send. Nothing is uploaded. Secrets are "
                  "taken out of all of it.")  # fmt: skip
        cells = max(30, min(68, page.size.width * 96 // 100 - 4))
        rows = [row for line in lines for row in wrap(line.removeprefix("· "), cells, "  ", "· ")]
        page.wizard.push_screen(
            Choose(
                _("A bundle for support holds:"),
                intro + "\n\n" + "\n".join(rows),
                [
                    ("n", _("no, write nothing")),
                    ("y", _("write it")),
                    ("m", _("write it with account numbers and user names masked")),
                ],
            ),
            answered,
        )

    page.look_up(_("Looking at what there is …"), lambda: support.listed(session), listed)
