"""Profiles without boto3, regions without the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mwaa_wizard.environments import places
from mwaa_wizard.errors import WizardError


def write(name: str, text: str) -> None:
    Path(os.environ[name]).write_text(text, encoding="utf-8")


def test_profiles_of_both_files_with_their_kind() -> None:
    write("AWS_CONFIG_FILE", (
        "[default]\nregion = eu-west-1\n[profile sso-one]\nsso_session = corp\nsso_account_id = 111122223333\n"
        "[sso-session corp]\nsso_region = us-east-1\n[profile other]\nrole_arn = arn:aws:iam::444455556666:role/x\n"
        "source_profile = default\nregion = us-west-2\n[services local]\ns3 =\n  endpoint_url = http://x\n"
    ))  # fmt: skip
    write("AWS_SHARED_CREDENTIALS_FILE", "[default]\naws_access_key_id = a\n[only-keys]\naws_access_key_id = b\n")
    found = {profile.name: profile for profile in places.profiles()}
    assert list(found) == ["default", "sso-one", "other", "only-keys"]
    assert (found["default"].region, found["default"].kind) == ("eu-west-1", "keys")
    assert (found["sso-one"].kind, found["sso-one"].account) == ("sso", "111122223333")
    assert (found["other"].kind, found["other"].account, found["other"].region) == (
        "role", "444455556666", "us-west-2"
    )  # fmt: skip
    assert found["only-keys"].kind == "keys"


def test_no_files_no_profiles() -> None:
    assert places.profiles() == []


@pytest.mark.parametrize("text", ["no section\n", "[a\n", "[a]\n=b=\n  [\n[b"])
def test_a_damaged_file_is_one_message(text: str) -> None:
    write("AWS_CONFIG_FILE", text)
    with pytest.raises(WizardError) as caught:
        places.profiles()
    assert caught.value.where == os.environ["AWS_CONFIG_FILE"]


def test_a_percent_sign_is_no_interpolation() -> None:
    write("AWS_SHARED_CREDENTIALS_FILE", "[a]\naws_secret_access_key = 100%sure\naws_access_key_id = x\n")
    assert [profile.name for profile in places.profiles()] == ["a"]


def test_regions_of_the_partitions() -> None:
    assert "us-east-1" in places.regions()
    assert places.regions("aws-cn") == ["cn-north-1", "cn-northwest-1"]
    assert places.regions("aws-us-gov") == []
    assert {"us-east-1", "cn-north-1"} <= set(places.all_regions())
    assert places.partition_of("cn-north-1") == "aws-cn"
    assert places.partition_of("nowhere-9") == "aws"


def test_no_module_of_the_room_loads_boto() -> None:
    code = (
        "import sys, pkgutil, importlib\n"
        "import mwaa_wizard.environments, mwaa_wizard.policies, mwaa_wizard.logs, mwaa_wizard.report\n"
        "for room in ('environments', 'policies', 'logs', 'report'):\n"
        "    package = importlib.import_module(f'mwaa_wizard.{room}')\n"
        "    for module in pkgutil.iter_modules(package.__path__):\n"
        "        importlib.import_module(f'mwaa_wizard.{room}.{module.name}')\n"
        "print([n for n in ('boto3', 'botocore', 'textual', 'questionary', 'keyring') if n in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
