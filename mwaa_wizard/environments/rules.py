"""Rules of MWAA that its API model does not hold: how settings fit together and which version knows what.

Sources: MWAA user guide (environment-class, mwaa-autoscaling, mwaa-web-server-autoscaling, custom-keys-certs,
configuring-networking, upgrading-environment) and the CreateEnvironment reference.
"""

from __future__ import annotations

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.effective import set_by_mwaa
from mwaa_wizard.environments.fields import COUNTS, OBJECT_VERSIONS, SECURITY_GROUPS, SUBNETS
from mwaa_wizard.environments.options import names
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Route

Problems = dict[str, list[str]]
# These import rows into the new environment's database, which tasks of Airflow 3 cannot reach.
_WITH_HISTORY = ("new-environment", "bridge")
# Of a class that is not in the table: what all but mw1.micro have.
_USUAL = versions.Counts(min=2, max=5, default=2)


def problems(values: dict[str, object], route: Route = "new-environment") -> Problems:
    """What does not fit, by the setting to mend; `values` as `effective.target_values` gives them."""
    found: Problems = {}
    for part in (_counts(values), _paths(values), _version(values, route), _places(values)):
        for name, texts in part.items():
            found.setdefault(name, []).extend(texts)
    return found


def _number(values: dict[str, object], name: str) -> int | None:
    value = values.get(name)
    return value if isinstance(value, int) else None


def _counts(values: dict[str, object]) -> Problems:
    found: Problems = {}
    row = versions.find_class(str(values.get("EnvironmentClass", "")))
    if row is not None and row.schedulers.fixed:
        for name in COUNTS:
            if _number(values, name) not in (None, row.schedulers.min):
                found[name] = [_("{name} has exactly one; set 1, or choose a larger class.").format(name=row.name)]
        return found
    schedulers = row.schedulers if row else _USUAL
    webservers = row.webservers if row else _USUAL
    for name, allowed in (
        ("Schedulers", schedulers), ("MinWebservers", webservers), ("MaxWebservers", webservers),
    ):  # fmt: skip
        count = _number(values, name)
        if count is not None and not allowed.min <= count <= allowed.max:
            text = _("{min} to {max} are possible (1 on mw1.micro only); choose one of these.")
            found[name] = [text.format(min=allowed.min, max=allowed.max)]
    least, most = _number(values, "MinWorkers"), _number(values, "MaxWorkers")
    # Left out, AWS takes 1 for the least and 10 for the most.
    if (least or 1) > (most or 10):
        found["MinWorkers"] = [
            _("More than the most ({most}); lower it, or raise Max workers.").format(most=most or 10)
        ]
    low, high = _number(values, "MinWebservers"), _number(values, "MaxWebservers")
    # Left out, AWS takes 2 for both.
    if (low or 2) > (high or 2):
        found.setdefault("MinWebservers", []).append(
            _("More than the most ({most}); lower it, or raise Max web servers.").format(most=high or 2)
        )
    return found


def _paths(values: dict[str, object]) -> Problems:
    found: Problems = {}
    for name in ("DagS3Path", *OBJECT_VERSIONS):
        path = values.get(name)
        if not isinstance(path, str):
            continue
        if path.startswith("s3://"):
            found[name] = [_("Give the path inside the bucket only, without s3:// and the bucket's name.")]
        elif path.startswith("/") or path.endswith("/"):
            found[name] = [_("Leave out the “/” at the beginning and at the end.")]
    return found


def _version(values: dict[str, object], route: Route) -> Problems:
    version = str(values.get("AirflowVersion", ""))
    found: Problems = {}
    row = versions.find(version)
    if row is not None and not row.creatable and route != "in-place":
        found["AirflowVersion"] = [
            _("AWS makes no new environments with {version} ({note}); choose one of {others}.").format(
                version=version, note=_(row.note), others=listed(versions.creatable())
            )
        ]
    elif versions.parse(version)[:1] >= (3,) and route in _WITH_HISTORY:
        found["AirflowVersion"] = [
            _("History cannot be imported into Airflow 3. Move to {bridge} first, then upgrade in place.").format(
                bridge=versions.newest_of_2()
            )
        ]
    if values.get("WebserverAccessMode") == "PUBLIC_AND_PRIVATE" and (0,) < versions.parse(version) < (3, 2, 1):
        found["WebserverAccessMode"] = [
            _("PUBLIC_AND_PRIVATE needs Airflow 3.2.1 or newer; choose PUBLIC_ONLY or PRIVATE_ONLY.")
        ]
    return found


def _places(values: dict[str, object]) -> Problems:
    found: Problems = {}
    key = str(values.get("KmsKey", ""))
    if "alias/" in key:
        found["KmsKey"] = [_("MWAA takes no alias; give the key's id or ARN.")]
    subnets = values.get(SUBNETS)
    if isinstance(subnets, list) and len(subnets) == 2 and subnets[0] == subnets[1]:
        found[SUBNETS] = [_("Both are the same; give two subnets in different zones.")]
    groups = values.get(SECURITY_GROUPS)
    if isinstance(groups, list) and len({str(group) for group in groups}) != len(groups):
        found[SECURITY_GROUPS] = [_("One is there twice; give each security group once.")]
    return found


def option_problems(key: str, version: str) -> list[str]:
    """Why an Airflow option may not be set on the target's version; empty if it may.

    Before Airflow 3 old names still count (with a warning in the logs), so they are no problem there.
    """
    if set_by_mwaa(key):
        return [_("MWAA sets {key} itself; leave it out.").format(key=key)]
    if versions.parse(version)[:1] < (3,):
        return []
    if key in versions.load("options")["unsupported_from_3"]:
        return [_("MWAA does not support {key}; leave it out.").format(key=key)]
    if way := names.name_in(key, version):
        return [_("Airflow 3 calls it {new}; set that one instead.").format(new=way[-1].new)]
    if key not in names.of(version) and names.ever(key) and not names.provider_of(key):
        return [_("Airflow 3 has no such option; leave it out.")]
    return []
