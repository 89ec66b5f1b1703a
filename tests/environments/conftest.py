"""The local AWS of the logs tests, for look-ups."""

from tests.logs.conftest import _cloud, cloud

__all__ = ["_cloud", "cloud"]
