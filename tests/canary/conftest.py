"""Plain mode on the tests' engine, as its own tests have it."""

from tests.prompts.conftest import fake, play

__all__ = ["fake", "play"]
