"""All that can be looked at before a run, by people who have the planning documents and nothing else."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.front import engine, engine_policies
from mwaa_wizard.session.model import Session
from tests.e2e.least.people import People, Person, allow
from tests.e2e.least.told import refusals
from tests.e2e.routes.two_accounts import Side
from tests.policies.minimal.recorder import recording

CHOICES = ("ExecutionRoleArn", "SourceBucketArn", "NetworkConfiguration.SubnetIds",
           "NetworkConfiguration.SecurityGroupIds", "KmsKey")  # fmt: skip


def labels(leaving: Person, arriving: Person, end: str = "") -> dict[str, str | tuple[str, ...]]:
    """Who has which documents, as records call them; in place one person has those of both sides."""
    names = f"operator-source{end}", f"operator-target{end}"
    return {leaving.arn: names} if leaving == arriving else dict(zip((leaving.arn, arriving.arn), names, strict=True))


def look_at_all(
    name: str, here: Side, people: People, session: Session, environment: dict[str, Any], pair: tuple[Person, Person],
    beyond: tuple[str, ...] = (),
) -> dict[str, bool]:  # fmt: skip
    """Preflight, dry run, look-ups of the pages, every document checked and compared; recorded under `name`.

    Nothing of it may be refused by AWS; `beyond` are checks for which Airflow itself wants a role that may write.
    Returns for each document whether it counts.
    """
    leaving, arriving = pair
    allow(session, environment, leaving, arriving, planning=True)
    who = labels(leaving, arriving, "-planning")
    with recording(name, session, environment, who) as ledger, people.working():
        looked = here.wizard("preflight", session.id, "--json")
        dry = here.wizard("run", session.id, "--dry-run")
        mine = [here.wizard("policy", session.id, "--for", f"operator-{side}-planning", "--check")
                for side in ("source", "target")]  # fmt: skip
        for choice in CHOICES:
            engine.setting_choices(session, choice)
        listed = [line.name for line in engine.environments(session)]
        found = engine.source_environment(session)
        engine.name_is_free(session, session.target.environment)
        shown = engine_policies.asked(session)
        counts = {}
        for piece, one in shown.found.pieces().items():
            if not piece.startswith(("ui-", "operator-", "log-export", "bucket")):  # there is no bucket before a run
                engine_policies.compared(session, one)
                counts[piece] = engine_policies.checked(session, one).good
    rows = [row for row in map(json.loads, looked.stdout.splitlines()) if row["event"] == "Finding"]
    failed = [row for row in rows if row["verdict"] == "fail"]
    assert len(rows) > 10, looked.stdout + looked.stderr
    # That they are not enough for a run is what the check says, as a failure or as a warning.
    told = [row for row in rows if row["evidence"].startswith("you may not")]
    assert [row for row in told if row in failed], "they are enough for a run"
    others = [row for row in rows if row not in told and row["name"] not in beyond]
    wrong = [row for row in others if row in failed]
    assert wrong == [], wrong
    hidden = refusals("\n".join(row["evidence"] for row in others))
    assert hidden == [], hidden
    # Of the account's other environments page Source shows the name alone, and page Settings of its other keys.
    mine_only = {session.source.environment, session.target.environment}
    key = session.target.settings.get("KmsKey", environment.get("KmsKey"))
    refused = [
        row for row in ledger.refused
        if not (beyond and row["action"] == "airflow:CreateCliToken")
        and not (row["action"] == "airflow:GetEnvironment" and row["resource"].rsplit("/", 1)[1] not in mine_only)
        and not ((row["action"], row["principal"]) == ("kms:DescribeKey", arriving.arn) and row["resource"] != key)
    ]  # fmt: skip
    assert refused == [], refused
    assert dry.returncode == 0, dry.stderr
    assert (session.source.environment in listed, found["Name"]) == (True, session.source.environment)
    assert shown.unread == ""
    assert [done.returncode for done in mine] == [0, 0], [done.stdout + done.stderr for done in mine]
    return counts
