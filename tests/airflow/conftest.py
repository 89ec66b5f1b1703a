"""The same small world as the steps' tests."""

from tests.execution.conftest import endpoint, make_client, rig

__all__ = ["endpoint", "make_client", "rig"]
