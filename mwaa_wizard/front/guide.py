"""Which pages of AWS's guides a page of the wizard carries out, and why the guide asks for it; shown by F1."""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.i18n import _, listed


@dataclass(frozen=True)
class Chapter:
    """A page of the MWAA migration guide (`migrationguide`) or user guide (`userguide`); `slug` ends its address."""

    book: str
    title: str
    slug: str

    @property
    def where(self) -> str:
        """The book and the page, as AWS calls them."""
        book = _("Amazon MWAA Migration Guide") if self.book == "migrationguide" else _("Amazon MWAA User Guide")
        return f"{book}: {self.title}"

    @property
    def address(self) -> str:
        """Where the page is on the web, without the language."""
        return f"docs.aws.amazon.com/mwaa/latest/{self.book}/{self.slug}.html"


def _move(part: str) -> Chapter:
    title = _("Migrating to a new Amazon MWAA environment")
    return Chapter("migrationguide", listed((title, part)) if part else title, "migrating-to-new-mwaa")


def chapters(page: str) -> list[Chapter]:
    """The pages behind a page of the wizard, the nearest first."""
    considerations = Chapter(
        "migrationguide", _("Key considerations for migrating to a new MWAA environment"), "key-considerations"
    )
    version = Chapter("userguide", _("Changing the Apache Airflow version"), "upgrading-environment")
    found = {
        "connect": [considerations],
        "source": [_move("")],
        "route": [_move(""), version],
        "target": [_move(_("step 1")), version],
        "settings": [
            _move(_("step 1")),
            Chapter("userguide", _("Configuring the Amazon MWAA environment class"), "environment-class"),
            Chapter("userguide", _("Using Apache Airflow configuration options"), "configuring-env-variables"),
            Chapter("userguide", _("About networking on Amazon MWAA"), "networking-about"),
        ],
        "entries": [
            Chapter("userguide", _("Configuring an Apache Airflow connection using a AWS Secrets Manager secret"),
                    "connections-secrets-manager"),
        ],
        "tables": [_move(_("step 3"))],
        "logs": [
            _move(_("step 4")),
            Chapter("userguide", _("Viewing Airflow logs in Amazon CloudWatch"), "monitoring-airflow"),
        ],
        "policies": [
            considerations, _move(_("steps 3 and 4")),
            Chapter("userguide", _("Amazon MWAA execution role"), "mwaa-create-role"),
        ],
        "preflight": [
            Chapter("userguide", _("Endpoints and quotas"), "mwaa-quotas"),
            Chapter("userguide", _("About networking on Amazon MWAA"), "networking-about"),
        ],
        "review": [_move("")],
        "run": [_move(_("steps 1 to 4"))],
        "summary": [_move(_("step 4"))],
        "cutover": [_move(_("next steps"))],
        "cleanup": [_move(_("next steps"))],
    }  # fmt: skip
    return found.get(page, [])


def reason(page: str) -> str:
    """Why the guide asks for what the page asks, in one or two plain sentences; empty where it says nothing."""
    told = {
        "connect": _("The guide moves between two environments that may be in different accounts and regions; "
                     "each side needs credentials of its own."),
        "source": _("The guide begins with the environment that is there: its settings are cloned, its metadata is "
                    "exported by a DAG that runs inside it, as its database cannot be reached from outside."),
        "route": _("The guide's way is a new environment beside the old one. AWS added a change of version in place "
                   "later, which keeps name and URL, but has limits of its own."),
        "target": _("The guide's first step makes the new environment before anything is moved, so that the old one "
                    "goes on until the new one was tried."),
        "settings": _("The guide clones the old environment's settings. Some cannot be changed later: the network, the "
                      "key, who manages the endpoints."),
        "entries": _("Without the metadata database, connections go to a secrets backend, as the guide's section on "
                     "the execution role shows."),
        "tables": _("The guide exports what a new environment does not fill by itself: DAG runs, task instances, "
                    "variables, pools, missed deadlines, and XComs, jobs and audit log as needed."),
        "logs": _("Task logs live in CloudWatch under the environment's name. The guide copies a few days only, "
                  "for the cost, so that old runs can still be read."),
        "policies": _("The guide adds s3:PutObject to the source's role, and s3:GetObject, s3:ListBucket and two "
                      "actions on logs to the target's. MWAA does not manage a role after it was made."),
        "preflight": _("A new environment takes half an hour to make; what is wrong with quotas, network, keys and "
                       "roles shows only then. It is looked at before instead."),
        "review": _("The guide has some twenty steps done by hand. These are the same, in order; nothing is done "
                    "before you confirm."),
        "run": _("The steps follow the guide: the new environment, the resources, the export, the import, the logs. "
                 "Each is checked first, so it can be done again."),
        "summary": _("The guide ends with looking into each DAG to see that its history arrived. Here every table and "
                     "every DAG is compared."),
        "cutover": _("The guide leaves the switch to you. Two environments must not run one DAG at the same time, so "
                     "it is paused on the source before it is unpaused on the target."),
        "cleanup": _("The guide's DAGs, policies and the bucket stay unless somebody removes them."),
    }  # fmt: skip
    return told.get(page, "")
