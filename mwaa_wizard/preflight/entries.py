"""Route settings-only: can variables, pools and connections be read here, and written there?

Sources: MWAA user guide access-mwaa-apache-airflow-rest-api (InvokeRestApi is granted on an Airflow role),
connections-secrets-manager; IAM service authorization reference, AWS Secrets Manager.
"""

from __future__ import annotations

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries import survey, work
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import permissions
from mwaa_wizard.preflight.finding import Check, Finding, Findings, label
from mwaa_wizard.preflight.simulate import Want
from mwaa_wizard.text import clean

_WRITE = ("secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret")  # fmt: skip
_NAMED = 10  # names in one line


def checks() -> list[tuple[str, Check]]:
    """The route's own checks, each with its name."""
    return [
        (_("variables and pools"), readable),
        (_("connections"), connections),
        (label("target", _("secrets backend")), target_backend),
        (label("source", _("permissions")), source_permissions),
        (label("target", _("permissions")), target_permissions),
    ]


def readable(ctx: Context) -> Findings:
    """The source lists variables and pools, and what its REST API hides can be had; what cannot is named."""
    name, reader = _("variables and pools"), work.reader(ctx, "source")
    try:
        variables, pools = reader.variables(listed_only=True), reader.pools()
    except RestUnavailable as problem:
        raise work.unreachable(ctx, "source", problem) from None
    if not reader.lists:
        yield Finding(name, "warn", _("{version} has no InvokeRestApi: pools and connections are not listed").format(
            version=clean(reader.version, limit=20)), _("Make them in the target by hand."))  # fmt: skip
    hidden = [variable.key for variable in variables if variable.value is None]
    doubtful = [variable.key for variable in variables if variable.value is not None and variable.why]
    evidence = _("{variables} variables and {pools} pools").format(variables=len(variables), pools=len(pools))
    if not ctx.session.entries.variables or not (hidden or doubtful):
        yield Finding(name, "pass", evidence)
    elif reader.command_line.answers():
        told = _("{count} of them through Airflow's command line").format(count=len(hidden) + len(doubtful))
        yield Finding(name, "pass", listed((evidence, told)))
    else:
        yield from _hidden(name, hidden, doubtful, reader.command_line.refusal)
    if count := sum(reader.unread.values()):
        yield Finding(name, "warn", _("{count} rows are larger than MWAA's REST API passes on").format(count=count),
                      _("They are not moved, and not even named: set them in the target by hand."))  # fmt: skip


def _hidden(name: str, hidden: list[str], doubtful: list[str], refusal: str) -> Findings:
    if hidden:
        yield Finding(name, "warn", _("not readable: {names} ({why})").format(names=_some(hidden), why=refusal),
                      _("They are not moved: set them in the target by hand, or make the source's web server reachable "
                        "from here and run again."))  # fmt: skip
    if doubtful:
        yield Finding(name, "warn", _("numbers that Airflow 3 writes anew (1.10 as 1.1): {names} ({why})").format(
            names=_some(doubtful), why=refusal), _("Look at them in the target afterwards."))  # fmt: skip


def connections(ctx: Context) -> Findings:
    """What every connection needs; those that need a value are named."""
    name = _("connections")
    states = work.connection_states(ctx)
    if ctx.session.entries.connections == "leave":
        yield Finding(name, "pass", _("{count} are left behind by choice").format(count=len(states)))
        return
    moved = [one for one in states if one.state in survey.MOVED]
    needed = [one.conn_id for one in states if one.state == "needed"]
    impossible = [one for one in states if one.state == "impossible"]
    if not needed and not impossible:
        yield Finding(name, "pass", _("{moved} of {count} are moved").format(moved=len(moved), count=len(states)))
    if needed:
        remedy = _("Give each its password (or the whole connection) on page Entries or with: mwaa-wizard secret {id} "
                   "connection:NAME ; without it they are not moved.")  # fmt: skip
        yield Finding(name, "warn", _("no API gives their passwords: {names}").format(names=_some(needed)),
                      remedy.format(id=ctx.session.id))  # fmt: skip
    for why in dict.fromkeys(one.why for one in impossible):
        of_them = [one.conn_id for one in impossible if one.why == why]
        yield Finding(name, "warn", f"{_some(of_them)}: {why}",
                      _("They are not moved: make them in the target by hand."))  # fmt: skip


def target_backend(ctx: Context) -> Findings:
    """Where the target looks for its connections, and whether the source looks there too."""
    name, where = label("target", _("secrets backend")), work.places(ctx)
    target = where.target
    if ctx.session.entries.connections == "leave":
        yield Finding(name, "pass", _("no connection is moved"))
    elif not target.asks("connections") or target.kind != "secrets-manager" or target.elsewhere:
        yield Finding(name, "warn", _("{backend}: the wizard writes no secrets there").format(
            backend=clean(target.name or "—", limit=120)),
            _("Set secrets.backend to Amazon's SecretsManagerBackend on page Settings, or make the connections by "
              "hand."))  # fmt: skip
    elif where.shared("connections"):
        yield Finding(name, "warn", _("source and target both ask for {start}*").format(
            start=target.start("connections")),
            _("A secret that is made for the target counts in the source, too. Give the session a prefix of its own "
              "(entries.prefix) to keep them apart."))  # fmt: skip
    else:
        yield Finding(name, "pass", f"Secrets Manager: {target.start('connections')}*")


def source_permissions(ctx: Context) -> Findings:
    """Reading the source's own secrets; its REST API has proved itself by then."""
    who, where = ctx.clients.identity("source"), work.places(ctx)
    wants = []
    for what in ("connections", "variables"):
        if not where.readable(what) or where.shared(what) or ctx.session.entries.connections == "leave":
            continue
        start = where.source.start(what)
        place = f"{who.region}:{who.account}"
        if where.source.kind == "ssm":
            path = start.strip("/")  # is listed as a whole, and read one by one
            arn = f"arn:{who.partition}:ssm:{place}:parameter/"
            wants.append(Want(("ssm:GetParametersByPath",), f"{arn}{path}"))
            wants.append(Want(("ssm:GetParameter",), f"{arn}{path}/check" if path else f"{arn}check"))
        else:
            arn = f"arn:{who.partition}:secretsmanager:{place}:secret:{start}check"
            wants.append(Want(("secretsmanager:GetSecretValue",), arn, shared=True))
    if wants:
        yield from permissions.of(ctx, "source", wants)


def target_permissions(ctx: Context) -> Findings:
    """Writing through the target's REST API, which is not there yet, and to Secrets Manager."""
    who, target = ctx.clients.identity("target"), work.places(ctx).target
    place, wants = f"{who.region}:{who.account}", []
    if ctx.session.entries.variables or ctx.session.entries.pools:
        role = f"arn:{who.partition}:airflow:{place}:role/{sides.name(ctx, 'target')}/Admin"
        wants.append(Want(("airflow:InvokeRestApi",), role))
    if ctx.session.entries.connections == "secrets-manager" and target.kind == "secrets-manager":
        start = target.start("connections")
        wants.append(Want(_WRITE, f"arn:{who.partition}:secretsmanager:{place}:secret:{start}check"))
        wants.append(Want(("iam:PutRolePolicy", "iam:DeleteRolePolicy"), sides.role_arn(ctx, "target")))
    if wants:
        yield from permissions.of(ctx, "target", wants)


def _some(names: list[str]) -> str:
    shown = listed(clean(name, limit=80) for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else _("{names} and {count} more").format(
        names=shown, count=len(names) - _NAMED
    )  # fmt: skip
