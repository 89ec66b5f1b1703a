"""Preflight: everything that can be known to fail is found before anything is changed."""

from __future__ import annotations

import json

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import preflight, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Level
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import jumps
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.session.model import Session
from mwaa_wizard.session.store import write_atomic

FILE = "preflight.json"


class Preflight(Step):
    """Runs every check and stops with one error that names all that failed; warnings are confirmed where asked."""

    id = "preflight"

    @property
    def title(self) -> str:
        return _("Preflight")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Check both sides: permissions, roles, buckets, network, keys, quotas, name, version and settings; "
              "nothing is changed.")
        ]  # fmt: skip

    def check(self, ctx: Context) -> Check:
        # Once the target is being made, or changed, the answers are history; until then they are asked anew.
        if (sides.made_environment(ctx) or jumps.made(ctx)) and sides.was_done(ctx, self.id):
            return Check(True, _("passed before the target was made or changed"))
        return Check(False)

    def run(self, ctx: Context) -> None:
        levels: dict[str, Level] = {"pass": "INFO", "warn": "WARN", "fail": "ERROR"}
        found: list[preflight.Finding] = []
        for finding in preflight.findings(ctx):
            found.append(finding)
            line = f"{finding.verdict:<4} {finding.name}: {finding.evidence}"
            ctx.log(line + (f" → {finding.remedy}" if finding.remedy else ""), levels[finding.verdict])
            ctx.progress(len(found), None, _("checks"), finding.name)
        rows = [finding.as_dict() for finding in found]
        ctx.memory["preflight"] = rows
        write_atomic(paths.run_dir(ctx.session.id) / FILE, json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        failed = [finding for finding in found if finding.verdict == "fail"]
        if failed:
            what = ngettext("Preflight found {count} problem.", "Preflight found {count} problems.", len(failed))
            raise WizardError(
                what=what.format(count=len(failed)),
                where=" · ".join(f"{finding.name}: {finding.evidence}" for finding in failed),
                changed=_("Nothing was changed."),
                remedy=" · ".join(dict.fromkeys(f.remedy for f in failed if f.remedy)) or _("Mend them, then resume."),
                code="preflight",
            )
        self._confirm(ctx, [finding for finding in found if finding.verdict == "warn"])

    def _confirm(self, ctx: Context, warned: list[preflight.Finding]) -> None:
        """Ask whether to go on in spite of warnings, where the front-end asks; a run that was told --yes goes on."""
        if not warned:
            ctx.log(_("Preflight: nothing stands in the way."))
            return
        count, names = len(warned), listed(dict.fromkeys(finding.name for finding in warned))
        question = ngettext(
            "Preflight has {count} warning: {names}. Go on?", "Preflight has {count} warnings: {names}. Go on?", count
        ).format(count=count, names=names)
        if ctx.ask is not None and not ctx.ask(question):
            raise WizardError(
                what=ngettext(
                    "Not confirmed: preflight has {count} warning.",
                    "Not confirmed: preflight has {count} warnings.",
                    count,
                ).format(count=count),
                where=" · ".join(f"{finding.name}: {finding.evidence}" for finding in warned),
                changed=_("Nothing was changed."),
                remedy=" · ".join(dict.fromkeys(f.remedy for f in warned if f.remedy)) or _("Mend them, then resume."),
                code="preflight",
                exit_code=EXIT_RESUMABLE,
            )
        going_on = ngettext("Going on with {count} warning.", "Going on with {count} warnings.", count)
        ctx.log(going_on.format(count=count), "WARN")
