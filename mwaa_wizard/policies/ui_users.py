"""What people need to reach Airflow: its web interface in one of its roles, its command line, its REST API.

Source: MWAA user guide, access-policies (CreateWebLoginToken and InvokeRestApi are granted on
`role/ENVIRONMENT/AIRFLOW-ROLE`, CreateCliToken on the environment); IAM service authorization reference.
"""

from __future__ import annotations

from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose

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
    """The web interface in one Airflow role; the REST API is the same grant in another action."""
    arn = f"{_place(facts)}:role/{facts.target_env}/{role}"
    said = [
        Said("WebLogin", _("Opens the web interface.") + " " + may_do(role),
             allow(["airflow:CreateWebLoginToken"], arn)),
        Said("FindEnvironment", _("Finds the environment in the console and reads its settings."),
             allow(["airflow:GetEnvironment"], f"{_place(facts)}:environment/{facts.target_env}")),
    ]  # fmt: skip
    document, why = compose(said)
    return Policy(f"mwaa-{facts.target_env}-web-{role}", "ui-users", "", document, why)


def rest_api(facts: Facts, role: str) -> Policy:
    """Airflow's REST API through AWS, for programs and people."""
    arn = f"{_place(facts)}:role/{facts.target_env}/{role}"
    said = Said("InvokeRestApi", _("Calls Airflow's REST API through AWS.") + " " + may_do(role),
                allow(["airflow:InvokeRestApi"], arn))  # fmt: skip
    document, why = compose([said])
    return Policy(f"mwaa-{facts.target_env}-rest-{role}", "ui-users", "", document, why)


def command_line(facts: Facts) -> Policy:
    """Airflow's command line through AWS; it knows no roles, so who has it may do all that the commands do."""
    said = Said("CreateCliToken", _("Runs Airflow's command line. It knows no Airflow roles: give it to few."),
                allow(["airflow:CreateCliToken"], f"{_place(facts)}:environment/{facts.target_env}"))  # fmt: skip
    document, why = compose([said])
    return Policy(f"mwaa-{facts.target_env}-cli", "ui-users", "", document, why)
