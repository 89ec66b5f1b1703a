"""Settings: what differs is said, what is open is asked, then any setting by its name until nobody wants another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import answering, engine
from mwaa_wizard.front.answers_file import OPTION, SETTING
from mwaa_wizard.front.costs import cost_words
from mwaa_wizard.front.question import give
from mwaa_wizard.front.questions.settings import name_of
from mwaa_wizard.i18n import _, ngettext

from .asking import ask
from .looking import look
from .talk import Back, Talk

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.front.engine import Environment
    from mwaa_wizard.front.opened import Opened

CHANGE = "settings.change"


def settings_page(talk: Talk, opened: Opened) -> None:
    """The page. Raises Back."""
    environment = environment_of(talk, opened)
    _from_file(talk, opened, environment)
    while True:
        rows = engine.setting_rows(opened.session, environment)
        _say(talk, opened, environment, rows)
        open_rows = [row for row in rows if row.state in ("needed", "invalid")]
        if open_rows:
            _mend(talk, opened, environment, open_rows)
            continue
        if not _change(talk, opened, environment, rows):
            return


def environment_of(talk: Talk, opened: Opened) -> Environment:
    """The source as AWS describes it, asked once."""
    known = opened.environment
    if known is not None:
        return known
    what = _("Reading the settings of {name} …").format(name=opened.session.source.environment)
    found = look(talk, what, lambda: engine.source_environment(opened.session))
    opened.environment = found
    own = found.get("EnvironmentClass")
    if isinstance(own, str) and not opened.session.source.environment_class:
        opened.session.source.environment_class = own
    return found


def _say(talk: Talk, opened: Opened, environment: Environment, rows: list[SettingRow]) -> None:
    differ = [row for row in rows if row.state != "same"]
    words = ngettext(
        "{count} setting differs from the source:", "{count} settings differ from the source:", len(differ)
    )
    talk.say(words.format(count=len(differ)) if differ else _("No setting differs from the source."))
    for row in differ:
        talk.say(line_of(row))
        talk.say(*(_("To mend: {why}").format(why=text) for text in row.problems))
    talk.say(cost_words(opened.session, environment))


def line_of(row: SettingRow) -> str:
    """`Max workers: source 10, target 12`."""
    nothing = _("(nothing)")
    return _("{label}: source {source}, target {target}").format(
        label=row.label, source=row.source or nothing, target=row.target or nothing
    )


def _from_file(talk: Talk, opened: Opened, environment: Environment) -> None:
    """What an answers file says of settings, each as if it was asked for by its name."""
    if talk.answers is None:
        return
    for name in [one for one in talk.answers.texts if one.startswith((SETTING, OPTION))]:
        question = answering.setting_question(opened.session, environment, name)
        if question is None:
            talk.problems([_("There is no setting {name} to change.").format(name=name)])
            talk.stop_here(name)
            return
        talk.say(_("Change a setting? (name, or empty to go on): {name}").format(name=name))
        if question.secret:
            ask(talk, opened, question)
            continue
        text = talk.answers.texts[name] or answering.NOTHING
        talk.say(f"{question.label}: {text}")
        try:
            found = give(opened.session, question, answering.meant(question, text))
        except ValueError as problem:
            found = [str(problem)]
        if found:
            talk.problems(found)
            talk.stop_here(name)
            return
        opened.save()


def _mend(talk: Talk, opened: Opened, environment: Environment, rows: list[SettingRow]) -> None:
    """Ask for what has no value that could be taken over."""
    for row in rows:
        name = name_of(row.name)
        question = answering.setting_question(opened.session, environment, name)
        if question is None:
            raise WizardError(
                what=" ".join(row.problems),
                changed=_("Nothing was changed."),
                remedy=_("Choose the version anew on page Route, or another source."),
            )
        talk.problems(row.problems)
        if not talk.there():
            talk.stop_here(name)
        ask(talk, opened, question)
        return  # one answer may mend others


def _change(talk: Talk, opened: Opened, environment: Environment, rows: list[SettingRow]) -> bool:
    """Ask for one more setting; whether there was one."""
    listed = [row for row in rows if answering.setting_question(opened.session, environment, name_of(row.name))]

    def say_all() -> None:
        talk.say(*(f"{number}. {line_of(row)}" for number, row in enumerate(listed, 1)))

    talk.say(_("list says all settings. A new option of Airflow is written section.name."))
    while True:
        text = talk.ask(_("Change a setting? (name, or empty to go on)"), CHANGE, again=say_all)
        if not text:
            return False
        if text.isdigit() and 1 <= int(text) <= len(listed):
            text = name_of(listed[int(text) - 1].name)
        question = answering.setting_question(opened.session, environment, text)
        if question is None:
            near = _near(text, [row.label for row in listed])
            talk.problems([_("There is no setting {name} to change.").format(name=text) + near])
            continue
        row = next((one for one in listed if name_of(one.name) == question.name), None)
        if row is not None and row.edited:
            ways = [("edit", _("change it")), ("reset", _("as the source has it again"))]
            if talk.choose(_("What now"), ways) == "reset":
                engine.reset_setting(opened.session, row.name)
                opened.save()
                return True
        try:
            ask(talk, opened, question)
        except Back:
            continue
        return True


def _near(text: str, labels: list[str]) -> str:
    import difflib

    found = difflib.get_close_matches(text, labels, n=1, cutoff=0.5)
    return " " + _("Did you mean {near}?").format(near=found[0]) if found else ""


def problems_of(opened: Opened) -> list[str]:
    """What still stands against the settings; nothing where they were not read."""
    environment = opened.environment
    return engine.setting_problems(opened.session, environment) if environment is not None else []


