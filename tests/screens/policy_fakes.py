"""Answers of `mwaa_wizard.front.engine_policies` in memory: real documents, an AWS that tests set up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies
from mwaa_wizard.front.engine_policies import Compared, Policies
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import compare
from mwaa_wizard.policies.analyzed import Analysis
from mwaa_wizard.policies.live import Checked
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.session.model import Session

ACCOUNT = "111122223333"
ENVIRONMENT: dict[str, Any] = {
    "Name": "analytics-prod", "AirflowVersion": "2.8.1", "Arn": f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/x",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/service-role/mwaa-prod", "DagS3Path": "dags",
    "SourceBucketArn": "arn:aws:s3:::airflow-analytics-prod", "RequirementsS3Path": "requirements.txt",
}  # fmt: skip


@dataclass
class FakePolicies:
    """`attached` holds the documents that are there, by name; `refuse` raises once, by function."""

    attached: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, WizardError] = field(default_factory=dict)
    denied: dict[str, str] = field(default_factory=dict)
    covered: tuple[tuple[str, str], ...] = ()
    applied_names: list[str] = field(default_factory=list)
    note: str = ""
    analysis: Analysis | None = None
    environment: dict[str, Any] = field(default_factory=lambda: dict(ENVIRONMENT))

    def install(self, monkeypatch: pytest.MonkeyPatch) -> FakePolicies:
        """In place of the engine's."""
        for name in ("asked", "compared", "checked", "applied", "detached"):
            monkeypatch.setattr(engine_policies, name, self._maybe(name))
        monkeypatch.setattr(engine_policies, "is_attached", lambda _session, piece: piece.name in self.applied_names)
        return self

    def _maybe(self, name: str) -> Callable[..., Any]:
        answer = getattr(self, name)

        def call(*arguments: Any) -> Any:
            if name in self.refuse:
                raise self.refuse.pop(name)
            return answer(*arguments)

        return call

    def asked(self, session: Session) -> Policies:
        return dataclasses.replace(engine_policies.draft(session, self.environment), asked=True)

    def compared(self, _session: Session, piece: Piece) -> Compared:
        there = self.attached.get(piece.name)
        return Compared(
            tuple(compare.differences(piece.policy, there)), tuple(compare.lines(piece.policy, there)),
            "" if there else _("Nothing of this name is there."), self.covered,
        )  # fmt: skip

    def checked(self, _session: Session, piece: Piece) -> Checked:
        verdicts = []
        for sid in piece.policy.why:
            refused = self.denied.get(sid, "" if piece.name in self.attached else "s3:PutObject")
            verdicts.append(Verdict(sid, "denied" if refused else "allowed", refused))
        return Checked("03:12:00Z", tuple(verdicts), self.note, self.analysis)

    def applied(self, _session: Session, piece: Piece) -> list[str]:
        self.applied_names.append(piece.name)
        self.attached[piece.name] = piece.policy.document
        return [f"Put {piece.policy.name} on {piece.policy.attach_to_arn}.", "IAM says that it counts."]

    def detached(self, _session: Session, piece: Piece) -> list[str]:
        self.applied_names.remove(piece.name)
        del self.attached[piece.name]
        return [f"Took {piece.policy.name} off mwaa-prod."]
