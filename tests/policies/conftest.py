"""The local AWS of the logs tests, for policies that are put to work."""

from tests.logs.conftest import _cloud, cloud

__all__ = ["_cloud", "cloud"]
