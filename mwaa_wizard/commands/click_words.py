"""click's own words in the user's language: usage, headings of the help, and what is wrong with an option.

click looks its messages up in the language of the environment and in a catalogue of its own name, of which there is
none. So its modules get the wizard's look-up; the messages themselves stand here for the catalogue.
"""

from __future__ import annotations

import sys

import click

from mwaa_wizard import i18n
from mwaa_wizard.i18n import N_, NN_

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")

MESSAGES = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("required"),
    N_("default: {default}"),
    N_("Aborted!"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing parameter: {param_name}"),
    N_("Missing {param_type}"),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Could not open file {filename!r}: {message}"),
    N_("unknown error"),
    N_("Error: {message}"),
    N_("Error: invalid input"),
    N_("Try '{command} {option}' for help."),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value!r} is not a valid boolean. Recognized values: {states}"),
    N_("file"),
    N_("directory"),
    N_("path"),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("{name} {filename!r} does not exist."),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    NN_("Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    NN_("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
)


def speak() -> None:
    """Let click's modules look their words up in the wizard's catalogue, in whatever language is in use."""
    for name in _MODULES:
        module = sys.modules.get(f"{click.__name__}.{name}")
        for word, ours in (("_", i18n._), ("ngettext", i18n.ngettext)):
            if module is not None and word in vars(module):
                vars(module)[word] = ours
