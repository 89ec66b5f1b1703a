"""What people need to reach Airflow: its web interface in one of its roles, its command line, its REST API.

Source: MWAA user guide, access-policies (CreateWebLoginToken and InvokeRestApi are granted on
`role/ENVIRONMENT/AIRFLOW-ROLE`, CreateCliToken on the environment), limit-access-to-dags (a role of your own is entered
as Public); IAM service authorization reference; Airflow: FAB auth manager, access-control (resources and actions).
"""

from __future__ import annotations

import json
import re
import shlex

from mwaa_wizard.i18n import _, sentences
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose

OWN_ROLE, OWN_DAG = "TeamRole", "DAG_ID"  # in the recipe, where nobody gave a name
# What a role sees of Airflow before it sees a DAG. Nothing on DAGs: can_read there is every DAG, and Airflow's FAB auth
# manager counts menu_access as can_read (seen with 2.8.1).
_READS = ("Website", "DAG Runs", "Task Instances", "Task Logs", "DAG Code", "My Profile")
_ON_DAG = ("can_read", "can_edit")
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def may_do(role: str) -> str:
    """What an Airflow role is good for (Airflow documentation: default roles)."""
    return {
        "Admin": _("Admin does everything, users and roles among it."),
        "Op": _("Op does all that User does, and edits connections, variables and pools."),
        "User": _("User sees all, and triggers, pauses and clears DAGs."),
        "Viewer": _("Viewer sees all and changes nothing."),
        "Public": _("Public sees nothing until an Airflow admin gives it something."),
    }.get(role, _("{role} is a role that an Airflow admin made.").format(role=role))


def _place(facts: Facts) -> str:
    return f"arn:{facts.partition}:airflow:{facts.target_region}:{facts.target_account}"


def web_login(facts: Facts, role: str) -> Policy:
    """The web interface in one of Airflow's own roles; the REST API is the same grant in another action."""
    arn = f"{_place(facts)}:role/{facts.target_env}/{role}"
    said = [
        Said("WebLogin", sentences((_("Opens the web interface."), may_do(role))),
             allow(["airflow:CreateWebLoginToken"], arn)),
        Said("FindEnvironment", _("Finds the environment in the console and reads its settings."),
             allow(["airflow:GetEnvironment"], f"{_place(facts)}:environment/{facts.target_env}")),
    ]  # fmt: skip
    document, why = compose(said)
    return Policy(f"mwaa-{facts.target_env}-web-{role}", "ui-users", "", document, why)


def limited(facts: Facts, role: str, dags: tuple[str, ...]) -> Policy:
    """The web interface in a role of your own, for some DAGs: MWAA lets people in as Public, Airflow gives the role."""
    arn = f"{_place(facts)}:role/{facts.target_env}/Public"
    why = _("Opens the web interface as Public, which sees nothing; MWAA knows Airflow's own five roles only. Role "
            "{role} is given inside Airflow, as said beside.").format(role=role)  # fmt: skip
    document, whys = compose([Said("WebLogin", why, allow(["airflow:CreateWebLoginToken"], arn))])
    name = re.sub(r"[^\w+=,.@-]+", "-", f"mwaa-{facts.target_env}-web-{role}", flags=re.ASCII)[:128]
    return Policy(name, "ui-users", "", document, whys, recipe(facts, role, dags))


def recipe(facts: Facts, role: str, dags: tuple[str, ...]) -> tuple[str, ...]:
    """What makes the role and gives it the DAGs: words, and commands that begin with `airflow` or `aws`."""
    resources = [f"DAG:{dag}" for dag in dags or (OWN_DAG,)]
    grants = [(_READS, ("can_read",)), (("DAG Runs",), ("can_create",)), (resources, _ON_DAG)]
    actions = [{"action": {"name": action}, "resource": {"name": name}}
               for names, given in grants for name in names for action in given]  # fmt: skip
    body = json.dumps({"name": role, "actions": actions}, separators=(",", ":"))
    name = shlex.quote(role)
    return (
        _("1. Attach this document to the role (or permission set) of these people, and let each log in once: Airflow "
          "knows them from then on, as Public."),
        _("2. Make the role. Airflow 2, over the REST API, as Admin; a DAG has to be there already:"),
        f"aws mwaa invoke-rest-api --region {facts.target_region} --name {facts.target_env} --method POST "
        f"--path /roles --body {shlex.quote(body)}",
        _("Or, from Airflow 2.5 on and with Airflow 3, through MWAA's command line (policy --for ui-cli):"),
        f"airflow roles create {name}",
        *(
            f"airflow roles add-perms {name} -r {shlex.join(names)} -a {shlex.join(given)}" for names, given in grants
        ),
        _("3. In the web interface, as Admin: Security, List Users (Airflow 3: Users); give each of them {role} in "
          "place of Public.").format(role=role),
        _("Without can_edit and can_create the DAGs are only looked at. Never give anything on DAGs, not even its menu "
          "entry: that shows every DAG."),
    )  # fmt: skip


def rest_api(facts: Facts, role: str) -> Policy:
    """Airflow's REST API through AWS, for programs and people."""
    arn = f"{_place(facts)}:role/{facts.target_env}/{role}"
    said = Said("InvokeRestApi", sentences((_("Calls Airflow's REST API through AWS."), may_do(role))),
                allow(["airflow:InvokeRestApi"], arn))  # fmt: skip
    document, why = compose([said])
    return Policy(f"mwaa-{facts.target_env}-rest-{role}", "ui-users", "", document, why)


def command_line(facts: Facts) -> Policy:
    """Airflow's command line through AWS; it knows no roles, so who has it may do all that the commands do."""
    said = Said("CreateCliToken", _("Runs Airflow's command line. It knows no Airflow roles: give it to few."),
                allow(["airflow:CreateCliToken"], f"{_place(facts)}:environment/{facts.target_env}"))  # fmt: skip
    document, why = compose([said])
    return Policy(f"mwaa-{facts.target_env}-cli", "ui-users", "", document, why)
