"""A session and the kept copy of its source become a `Blueprint`. Asks nobody, and holds no secret."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.environments import clone, effective, shapes
from mwaa_wizard.environments.fields import OBJECT_VERSIONS, SECURITY_GROUPS, SUBNETS, TAGS
from mwaa_wizard.environments.secret import OPTIONS, is_secret
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.resources.copy import journaled_versions
from mwaa_wizard.session.model import Session
from mwaa_wizard.templates import documents
from mwaa_wizard.templates.model import Blueprint, Parameter, Ref, Text, token
from mwaa_wizard.templates.words import camel, steps

# Settings that become parameters, so that the same template is deployed elsewhere too.
PLACED = {"Name": "EnvironmentName", "KmsKey": "KmsKey", SUBNETS: "SubnetIds", SECURITY_GROUPS: "SecurityGroupIds",
          "ExecutionRoleArn": "ExecutionRoleArn", "SourceBucketArn": "BucketName"}  # fmt: skip


def blueprint(session: Session, source_environment: dict[str, Any], *, new_group: bool = False) -> Blueprint:
    """What the wizard would create for the session.

    `source_environment` is GetEnvironment's answer, sanitised or not. `new_group`: a security group is made, too; one
    is made anyway where none is chosen. Raises WizardError where the route makes nothing, or naming every setting that
    is wrong or lacks a decision; what only the place of deployment decides becomes a parameter instead.
    """
    if session.route == "in-place":
        raise _refused(_("Route in-place creates nothing: the environment that is there is upgraded."), [])
    source = clone.sanitise(source_environment)
    values = effective.target_values(session, source)
    _demand_decided(session, source, values)
    maker = _Maker(session, source, values, new_group=new_group or not values.get(SECURITY_GROUPS))
    return maker.made()


def _refused(what: str, texts: list[str]) -> WizardError:
    return WizardError(
        what=what,
        where=" · ".join(texts),
        changed=_("Nothing was changed."),
        remedy=_("Mend them on page Settings, then ask for the template again.") if texts else
        _("Choose another route on page Route, or upgrade with: mwaa-wizard run"),
        exit_code=EXIT_USAGE,
    )  # fmt: skip


def _demand_decided(session: Session, source: dict[str, Any], values: dict[str, Any]) -> None:
    """Raise WizardError for what no parameter can stand for."""
    given = {"Name": session.target.environment, **values}
    texts = []
    for question in clone.questions(session, source):
        absent_place = question.name in PLACED and effective.empty(given.get(question.name))
        key = question.name.partition(".")[2]
        secret = question.name.startswith(f"{OPTIONS}.") and key in session.target.secret_options
        if not absent_place and not (secret and not effective.set_by_mwaa(key)):
            texts.append(f"{question.name}: {question.text}")
    if texts:
        what = ngettext("There is no template yet: {count} setting is open or wrong.",
                        "There is no template yet: {count} settings are open or wrong.", len(texts))  # fmt: skip
        raise _refused(what.format(count=len(texts)), texts)


class _Maker:
    def __init__(
        self, session: Session, source: dict[str, Any], values: dict[str, Any], *, new_group: bool
    ) -> None:
        self.session, self.source, self.values, self.new_group = session, source, values, new_group
        self.parameters: list[Parameter] = []
        self.role, self.bucket = session.target.create_role, session.target.create_bucket

    def made(self) -> Blueprint:
        settings = self._settings()
        key = self._key_arn()
        documents_, why = documents.role_documents(self.session, key) if self.role else ({}, {})
        if self.role and (starts := self._secret_starts()):
            documents_["secrets"], more = documents.secrets_document(self.session, starts)
            why |= more
        if self.bucket:
            documents_["bucket"], _bundle_words = documents.bucket_document(self.session)
            why["DenyInsecureTransport"] = _("Nobody reads or writes the bucket without TLS.")
            self._take("FilesUploaded", _(
                "Whether DAGs, requirements, plugins and startup script are in the bucket: MWAA looks for them when "
                "it makes the environment, so the bucket comes first."), "no", "switch")  # fmt: skip
        name = self.session.target.environment or "…"
        return Blueprint(
            title=_("Amazon MWAA environment {name}, as mwaa-wizard would create it (session {id})").format(
                name=name, id=self.session.id
            ),
            session_id=self.session.id,
            settings=settings,
            parameters=self.parameters,
            tags=names.tags(self.session),
            documents=documents_,
            why=why,
            may_be_empty=frozenset(
                version for path, version in OBJECT_VERSIONS.items() if path in settings and self._may_lack(version)
            ),
            makes_group=self.new_group,
            two_stages=self.bucket,
            steps=steps(self.session, self.source, self.values),
            open=[f"{item.name}: {item.description}" for item in self.parameters if item.default is None],
        )

    def _take(
        self, name: str, description: str, default: str | list[str] | None, kind: Any = "text", pattern: str = ""
    ) -> Ref:
        self.parameters.append(Parameter(name, description, default, kind, pattern))
        return Ref(name)

    def _settings(self) -> dict[str, Any]:
        """Members of CreateEnvironmentInput in the model's order; what belongs to a place is a reference."""
        session, values = self.session, self.values
        found: dict[str, Any] = {
            "Name": self._take("EnvironmentName", _("Name of the environment; it cannot be changed later."),
                               session.target.environment or None, pattern=_pattern("Name")),
            "SourceBucketArn": self._bucket(),
            "ExecutionRoleArn": self._role(),
            "NetworkConfiguration": self._network(),
        }  # fmt: skip
        if "KmsKey" in values or self._asks_for_key():
            found["KmsKey"] = self._take(
                "KmsKey", _("Customer managed key that encrypts the environment; it cannot be changed later."),
                str(values["KmsKey"]) if "KmsKey" in values else None,
            )  # fmt: skip
        for name, value in values.items():
            head, _dot, tail = name.partition(".")
            if name not in PLACED and tail:
                found.setdefault(head, {})[tail] = value
            elif name not in PLACED:
                found[name] = value
        for path, version in OBJECT_VERSIONS.items():
            if path in found:
                found[version] = self._object_version(path, version)
        if options := self._options():
            found[OPTIONS] = options
        tags = {**effective.target_tags(session, self.source), **names.tags(session)}
        found[TAGS] = dict(sorted(tags.items()))
        return {name: found[name] for name in shapes.members() if not effective.empty(found.get(name))}

    def _bucket(self) -> Any:
        if self.bucket:
            self._take("BucketName", _("Name of the bucket that is made for DAGs, requirements and plugins."),
                       names.target_bucket(self.session))  # fmt: skip
            return Ref("BucketArn")
        chosen = names.bucket_of(str(self.values.get("SourceBucketArn") or ""))
        self._take("BucketName", _("Name of the bucket that holds DAGs, requirements and plugins."), chosen or None)
        return Text(("arn:", Ref("Partition"), ":s3:::", Ref("BucketName")))

    def _role(self) -> Any:
        if self.role:
            self._take("RoleName", _("Name of the execution role that is made."), names.target_role(self.session))
            return Ref("RoleArn")
        chosen = self.values.get("ExecutionRoleArn")
        return self._take("ExecutionRoleArn", _("Role that Airflow's tasks run as; it trusts MWAA's two principals."),
                          str(chosen) if chosen else None, pattern=_pattern("ExecutionRoleArn"))  # fmt: skip

    def _network(self) -> dict[str, Any]:
        subnets, groups = self.values.get(SUBNETS), self.values.get(SECURITY_GROUPS)
        found: dict[str, Any] = {
            "SubnetIds": self._take(
                "SubnetIds", _("Two private subnets in different zones of one VPC; they cannot be changed later."),
                [str(item) for item in subnets] if isinstance(subnets, list) else None, "subnets",
            )
        }  # fmt: skip
        if self.new_group:
            self._take("VpcId", _("VPC of the subnets, for the security group that is made."), None, "vpc")
            found["SecurityGroupIds"] = [Ref("SecurityGroupId")]
        else:
            found["SecurityGroupIds"] = self._take(
                "SecurityGroupIds", _("1 to 5 security groups; one must let its own members in."),
                [str(item) for item in groups] if isinstance(groups, list) else None, "groups",
            )  # fmt: skip
        return found

    def _asks_for_key(self) -> bool:
        """The source has a key that cannot be used there, and nobody said what takes its place."""
        return any(question.name == "KmsKey" for question in clone.questions(self.session, self.source))

    def _key_arn(self) -> str | None:
        """The key's ARN with tokens, for the role's policy; the parameter may be an id."""
        if not any(item.name == "KmsKey" for item in self.parameters):
            return None
        given = str(self.values.get("KmsKey") or "arn:")
        if given.startswith("arn:"):
            return token("KmsKey")
        slash = "" if given.startswith("key/") else "key/"
        return f"arn:{token('Partition')}:kms:{token('Region')}:{token('Account')}:{slash}{token('KmsKey')}"

    def _secret_starts(self) -> list[str]:
        """What the names of the target's secrets begin with, where route settings-only puts connections there."""
        session = self.session
        if session.route != "settings-only" or session.entries.connections != "secrets-manager":
            return []
        target = backends.of_target(session, self.source)
        if target.kind != "secrets-manager" or target.elsewhere:
            return []
        return [target.start(what) for what in backends.KINDS if target.asks(what)]

    def _may_lack(self, version: str) -> bool:
        return version != OBJECT_VERSIONS["StartupScriptS3Path"]

    def _object_version(self, path: str, version: str) -> Ref:
        known = self._known_version(path, version)
        if self._may_lack(version):
            text = _("Version id of {key} in the bucket; empty: the newest when the environment is made.")
            return self._take(version, text.format(key=self.values[path]), known)
        # MWAA user guide, using-startup-script: unlike the other two, its version is mandatory. Where the bucket is
        # made first there is none yet.
        text = _("Version id of {key} in the bucket; MWAA demands it.")
        return self._take(version, text.format(key=self.values[path]), known or ("" if self.bucket else None))

    def _known_version(self, path: str, version: str) -> str:
        """The id in the target's own bucket, if the wizard copied the file there or the bucket stays the source's."""
        bucket = names.target_bucket(self.session) if self.bucket else names.bucket_of(
            str(self.values.get("SourceBucketArn") or "")
        )  # fmt: skip
        if copied := journaled_versions(Journal.of(self.session.id), bucket).get(version):
            return copied
        stays = bucket == names.bucket_of(str(self.source.get("SourceBucketArn") or ""))
        same = stays and self.values.get(path) == self.source.get(path)
        return str(self.source.get(version) or "") if same else ""

    def _options(self) -> dict[str, Any]:
        taken: set[str] = set()
        found: dict[str, Any] = {}
        for key, value in sorted(effective.target_options(self.session, self.source).items()):
            if value is not None and not is_secret(key, value) and key not in self.session.target.secret_options:
                found[key] = value
                continue
            name = base = f"Option{camel(key)}"
            number = 2
            while name in taken:  # core.a_b and core_a.b read alike
                name, number = f"{base}{number}", number + 1
            taken.add(name)
            text = _("Value of the Airflow option {key}; it is a secret, so it is not written here.")
            found[key] = self._take(name, text.format(key=key), None, "secret")
        return found


def _pattern(name: str) -> str:
    return str(shapes.shape_of(name).metadata.get("pattern", ""))
