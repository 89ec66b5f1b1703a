"""The engine of mwaa-wizard: importable, scriptable, and without any knowledge of a user interface."""

__version__ = "0.1.0"
