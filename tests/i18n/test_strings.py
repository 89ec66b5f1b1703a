"""What is passed to a widget, to the terminal or to an error is looked up in the catalogue first."""

from __future__ import annotations

import ast
import re

import pytest

from .sources import called, literal, trees

LETTERS = re.compile(r"[A-Za-z]{3,}")
# Calls that show what they are given, and which of their arguments: positions and names.
SHOWING: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "Plain": ((0,), ()), "Label": ((0,), ()), "Static": ((0,), ()), "Button": ((0,), ()), "Option": ((0,), ()),
    "Checkbox": ((0,), ("label",)), "Check": ((0,), ("label",)), "RadioButton": ((0,), ("label",)),
    "Content": ((0,), ()), "styled": ((0,), ()), "Binding": ((2,), ("description",)), "SystemCommand": ((0, 1), ()),
    "Input": ((), ("placeholder",)), "notify": ((0,), ()), "say": ((0,), ()), "hint": ((0,), ()), "good": ((0,), ()),
    "problems": ((0,), ()), "look_up": ((0,), ()), "echo": ((0,), ()), "secho": ((0,), ()), "prompt": ((0,), ()),
    "WizardError": ((), ("what", "changed", "remedy")), "Finding": ((0, 2), ("remedy",)), "log": ((0,), ()),
    "Field": ((), ("label", "help")), "Choice": ((1,), ("words",)), "Question": ((), ("label", "help")),
    "option": ((), ("help",)), "argument": ((), ("help",)), "command": ((), ("help", "short_help", "epilog")),
    "group": ((), ("help", "short_help", "epilog")), "print": ((0,), ()),
}  # fmt: skip
# Names of ours and of AWS's are no prose: ids, paths, commands, states, arguments in capitals.
NAME = re.compile(r"[\w.:/{}$#@*<>=,\[\]()'\"+|~%-]*")
# Files whose words are for programs or for those who work on the sandbox.
PROGRAMS = {
    "mwaa_wizard/sandbox/daemon.py",  # the daemon's own log
    "mwaa_wizard/sandbox/channel.py",
}


def shown(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that a user will read."""
    positions, names = SHOWING[called(call)]
    found = [call.args[position] for position in positions if position < len(call.args)]
    return found + [keyword.value for keyword in call.keywords if keyword.arg in names]


def parts(node: ast.expr) -> list[ast.expr]:
    """What a shown expression is put together from."""
    if isinstance(node, ast.BinOp):
        return [*parts(node.left), *parts(node.right)]
    if isinstance(node, ast.IfExp):
        return [*parts(node.body), *parts(node.orelse)]
    if isinstance(node, ast.BoolOp):
        return [part for value in node.values for part in parts(value)]
    if isinstance(node, ast.List | ast.Tuple):
        return [part for value in node.elts for part in parts(value)]
    if called(node) in ("format", "join", "strip") and isinstance(node, ast.Call):
        return parts(node.func.value) if isinstance(node.func, ast.Attribute) else [node]
    return [node]


def prose(text: str) -> bool:
    """Whether a text is a sentence or a word, and no name."""
    words = [word for word in text.split() if LETTERS.search(word)]
    if text.strip().startswith(("mwaa-wizard", "aws ", "#")):
        return False
    return bool(words) and not (len(words) == 1 and NAME.fullmatch(text.strip()) and not text.strip().isalpha())


def around(tree: ast.Module) -> list[tuple[int, str]]:
    """(line, text) of what is shown and was not looked up."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in SHOWING:
            continue
        for argument in shown(node):
            for part in parts(argument):
                text = literal(part)
                if text is not None and prose(text):
                    found.append((node.lineno, text))
    return found


KNOWN = {
    "Airflow", "AWS", "MWAA", "JSON", "YAML", "Python", "Secrets", "Manager",  # products and formats
    "Name", "False", "subnets",  # members of AWS's and Airflow's answers
}  # fmt: skip


@pytest.mark.parametrize("package", ["mwaa_wizard", "screens"])
def test_no_text_is_shown_past_the_catalogue(package: str) -> None:
    wrong = [
        f"{name}:{line}: {text!r}"
        for name, tree in trees().items() if name.startswith(package) and name not in PROGRAMS
        for line, text in around(tree) if not set(LETTERS.findall(text)) <= KNOWN
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Plain('Nothing here')", 1),
        ("Plain(_('Nothing here'))", 0),
        ("self.notice.hint(f'{n} rows left')", 1),
        ("raise WizardError(what=_('a'), changed='Nothing was changed.')", 1),
        ("click.echo(_('x') + ' and more')", 1),
        ("Option('us-east-1', id='x')", 0),
        ("Binding('n', 'next', 'go further')", 1),
        ("click.echo('a' if x else _('b'))", 0),
        ("Label('Save' if x else _('b'))", 1),
    ],
)
def test_the_search_finds_what_it_should(source: str, found: int) -> None:
    assert len(around(ast.parse(source))) == found
