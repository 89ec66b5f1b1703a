"""Writes variables and pools into the target's Airflow, and connections into its Secrets Manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mwaa_wizard.airflow.rest import MAX_PATH, RestAnswer
from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.entries import vault
from mwaa_wizard.entries.model import DEFAULT_POOL, Pool, Variable
from mwaa_wizard.entries.paging import Rest
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _


def add_variable(rest: Rest, variable: Variable) -> str:
    """Make a variable; why Airflow does not take it, or empty. Raises WizardError where nothing may be written."""
    body: dict[str, Any] = {"key": variable.key, "value": variable.value}
    if variable.description is not None:
        body["description"] = variable.description
    return _outcome(rest, "POST /variables", rest.call("POST", "/variables", body=body, repeat=True))


def describe_variable(rest: Rest, variable: Variable) -> str:
    """Give a variable that was just made its description; as `add_variable`.

    Up to 2.8 POST answers with the description and does not keep it; from 2.6 on PATCH does
    (airflow/api_connexion/endpoints/variable_endpoint.py of these releases).
    """
    from urllib.parse import quote

    path = f"/variables/{quote(variable.key, safe='')}"
    if len(path) > MAX_PATH:
        return ""  # verification tells that it is missing
    body = {"key": variable.key, "value": variable.value, "description": variable.description}
    answer = rest.call("PATCH", path, query={"update_mask": "description"}, body=body, repeat=True)
    return _outcome(rest, "PATCH /variables", answer)


def replace_variable(rest: Rest, variable: Variable, *, newer: bool) -> str:
    """Give a variable that is there another value; as `add_variable`.

    2.x overwrites on POST; 3.x has a bulk call, whose body holds the key: MWAA's path limit is no limit to it.
    """
    if not newer:
        return add_variable(rest, variable)
    entity = {"key": variable.key, "value": variable.value, "description": variable.description}
    body = {"actions": [{"action": "update", "entities": [entity], "action_on_non_existence": "fail"}]}
    answer = rest.call("PATCH", "/variables", body=body, repeat=True)
    refusals = (answer.body.get("update") or {}).get("errors") or []
    if refusals:
        return _("Airflow refused it ({status})").format(status=refusals[0].get("status_code", ""))
    return _outcome(rest, "PATCH /variables", answer)


def add_pool(rest: Rest, pool: Pool) -> str:
    """Make a pool; as `add_variable`."""
    body: dict[str, Any] = {"name": pool.name, "slots": pool.slots, "description": pool.description}
    if pool.include_deferred is not None:
        body["include_deferred"] = pool.include_deferred
    return _outcome(rest, "POST /pools", rest.call("POST", "/pools", body=body, repeat=True))


def change_pool(rest: Rest, pool: Pool) -> str:
    """Give a pool that is there its slots and whether deferred tasks count (of the default pool nothing else may be
    changed); as `add_variable`. One member a call: a list of members is written differently in 2.x and 3.x.
    """
    from urllib.parse import quote

    path = f"/pools/{quote(pool.name, safe='')}"
    if len(path) > MAX_PATH:
        return _("its name is too long for MWAA's REST API")
    members: dict[str, Any] = {"slots": pool.slots}
    if pool.include_deferred is not None:
        members["include_deferred"] = pool.include_deferred
    if pool.name != DEFAULT_POOL:
        members["description"] = pool.description
    for member, value in members.items():
        answer = rest.call("PATCH", path, query={"update_mask": member}, body={member: value}, repeat=True)
        if refusal := _outcome(rest, "PATCH /pools", answer):
            return refusal
    return ""


def _outcome(rest: Rest, call: str, answer: RestAnswer) -> str:
    if answer.status in (401, 403):
        raise WizardError(
            what=_("You may not write to the Airflow of {name}.").format(name=rest.environment),
            where=f"{call}: {answer.status}",
            remedy=_("The wizard needs Airflow's Admin or Op role there (airflow:InvokeRestApi); then resume."),
            code=str(answer.status),
            exit_code=EXIT_RESUMABLE,
        )
    # 409: it was not there a moment ago, so a call that was repeated has made it. Verification reads what it holds.
    if answer.status < 400 or answer.status == 409:
        return ""
    return _("Airflow refused it ({status} {said})").format(status=answer.status, said=answer.said_of_fields).strip()


class Refusal(Exception):
    """A secret cannot be written; the message says why, without its value."""


def write_secret(ctx: Context, client: Any, name: str, value: Callable[[], str]) -> bool:
    """Make a secret of ours, or bring one of ours up to date. False where somebody else's is there, which stays.

    Journaled before it is made, so that an undo finds it. Raises Refusal.
    """
    found = vault.describe(client, name)
    if found is not None and found.get("DeletedDate"):
        raise Refusal(_("a secret of that name is scheduled to be deleted; restore it, or delete it for good"))
    live = any(record["name"] == name for record in ctx.journal.live("secret"))
    if found is None:
        text = value()
        if not live:
            ctx.made("secret", name, region=ctx.clients.place("target").region)
        told = _("Connection or variable of the MWAA environment {name}").format(name=ctx.session.target.environment)
        try:
            vault.create(client, name, text, names.tag_list(ctx.session), told)
        except Exception as problem:
            if not live and code_of(problem):
                ctx.removed("secret", name, why="create refused")
            if code_of(problem) == vault.EXISTS:
                return False
            raise
        return True
    if not ours(ctx, found):
        return False
    if not live:
        ctx.made("secret", name, region=ctx.clients.place("target").region)
    text = value()
    if client.get_secret_value(SecretId=name).get("SecretString") != text:
        vault.put(client, name, text)
    return True


def ours(ctx: Context, described: dict[str, Any]) -> bool:
    """Whether a secret carries this session's tag."""
    return vault.tags_of(described).get(names.SESSION_TAG) == ctx.session.id


def remove_secrets(ctx: Context, client: Any) -> int:
    """Delete the secrets that the journal says are ours and that carry our tag; how many were deleted."""
    gone = 0
    for record in ctx.journal.live("secret"):
        name = str(record["name"])
        found = vault.describe(client, name)
        if found is not None and not ours(ctx, found):
            ctx.log(_("Secret {name} does not carry this session's tag; it stays.").format(name=name), "WARN")
        elif found is not None:
            vault.delete(client, name)
            gone += 1
        ctx.removed("secret", name)
    return gone
