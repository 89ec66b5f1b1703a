"""The same small world as the steps' tests."""

from tests.execution.conftest import endpoint, rig

__all__ = ["endpoint", "rig"]
