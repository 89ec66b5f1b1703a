"""What is known without asking AWS: the profiles of this machine and the regions that have MWAA."""

from __future__ import annotations

import configparser
import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _


@dataclass(frozen=True)
class Profile:
    """A profile of the AWS config files. `kind` says where its credentials come from."""

    name: str
    region: str = ""
    kind: str = ""  # "sso", "role", "process", "keys" or "" where it cannot be told
    account: str = ""  # from sso_account_id or role_arn; only STS knows for sure


def _files() -> tuple[Path, Path]:
    config = os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    shared = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    return Path(config).expanduser(), Path(shared).expanduser()


def _read(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return parser
    except (configparser.Error, UnicodeDecodeError, OSError) as problem:
        raise WizardError(
            what=_("The AWS config file cannot be read ({kind}).").format(kind=type(problem).__name__),
            where=str(path),
            changed=_("Nothing was changed."),
            remedy=_("Mend the file, or point AWS_CONFIG_FILE to another."),
        ) from None
    return parser


def profiles() -> list[Profile]:
    """Profiles in AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE (or ~/.aws), in the files' order, without boto3.

    Raises WizardError where a file is no INI file.
    """
    config, shared = (_read(path) for path in _files())
    found: dict[str, Profile] = {}
    for section in config.sections():
        name = section.removeprefix("profile ").strip().strip("'\"")
        if section != "default" and not section.startswith("profile "):
            continue  # sso-session, services, plugins
        found[name] = _profile(name, dict(config.items(section)))
    for section in shared.sections():
        old = found.get(section)
        values = dict(shared.items(section))
        read = _profile(section, {"region": old.region, **values} if old else values)
        if old is None or not old.kind:
            found[section] = read
    return list(found.values())


def _profile(name: str, values: dict[str, str]) -> Profile:
    account = values.get("sso_account_id", "")
    role = values.get("role_arn", "").split(":")
    if len(role) > 4:
        account = role[4]
    for key, kind in (
        ("sso_session", "sso"), ("sso_start_url", "sso"), ("role_arn", "role"), ("credential_process", "process"),
        ("aws_access_key_id", "keys"),
    ):  # fmt: skip
        if key in values:
            return Profile(name, values.get("region", ""), kind, account)
    return Profile(name, values.get("region", ""), "", account)


@functools.cache
def _botocore() -> Any:
    """One botocore session: it reads its endpoint tables (half a second) once."""
    from botocore.session import get_session

    return get_session()


@functools.cache
def _regions(partition: str) -> tuple[str, ...]:
    return tuple(sorted(_botocore().get_available_regions("mwaa", partition_name=partition)))


def regions(partition: str = "aws") -> list[str]:
    """Regions of a partition that have MWAA, as botocore's endpoints say (`aws-us-gov` has none)."""
    return list(_regions(partition))


def all_regions() -> list[str]:
    """Regions with MWAA in every partition botocore knows."""
    return [region for partition in _botocore().get_available_partitions() for region in _regions(partition)]


@functools.cache
def partition_of(region: str) -> str:
    """`aws`, `aws-cn`, …; `aws` for a region botocore does not know."""
    from botocore.exceptions import UnknownRegionError

    try:
        return str(_botocore().get_partition_for_region(region))
    except UnknownRegionError:
        return "aws"
