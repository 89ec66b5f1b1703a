"""Terraform itself, where it is installed and the AWS provider lies on this disk: tests download nothing."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# Names a folder of providers, as `terraform init -plugin-dir` takes it and `terraform providers mirror` fills it;
# Terraform's own folders are looked into as well (Terraform CLI, implied local mirror directories).
PLUGINS = "MWAA_WIZARD_TERRAFORM_PLUGINS"
_OWN = ("~/.terraform.d/plugins", "~/.local/share/terraform/plugins", "/usr/local/share/terraform/plugins",
        "/usr/share/terraform/plugins")  # fmt: skip
_INIT = ("init", "-backend=false", "-input=false", "-no-color")


def _run(folder: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=300, check=False
    )


@functools.cache
def workspace() -> Path | None:
    """A folder with the provider in it; None where there is no terraform, or no provider."""
    places = [Path(place).expanduser() for place in (os.environ.get(PLUGINS), *_OWN) if place]
    plugins = [place for place in places if (place / "registry.terraform.io" / "hashicorp" / "aws").is_dir()]
    if shutil.which("terraform") is None or not plugins:
        return None
    folder = Path(tempfile.mkdtemp(prefix="mwaa-wizard-terraform-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    needs = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
    (folder / "main.tf").write_text(needs, encoding="utf-8")
    made = _run(folder, *_INIT, f"-plugin-dir={plugins[0]}")
    assert made.returncode == 0, made.stderr
    return folder


def complaints(text: str) -> list[str] | None:
    """What `terraform validate` and `terraform fmt` say; None where Terraform cannot be asked."""
    folder = workspace()
    if folder is None:
        return None
    (folder / "main.tf").write_text(text, encoding="utf-8")
    answer = json.loads(_run(folder, "validate", "-json").stdout)
    found = [f"{item['severity']}: {item['summary']} {item.get('detail', '')}" for item in answer["diagnostics"]]
    shape = _run(folder, "fmt", "-check", "-diff", "-no-color")
    return found + ([shape.stdout] if shape.returncode else [])


def evaluated(expression: str) -> str | None:
    """What `terraform console` makes of an expression without references; None where there is no terraform."""
    if shutil.which("terraform") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        answer = _run(Path(folder), "console", text=f"{expression}\n")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout
