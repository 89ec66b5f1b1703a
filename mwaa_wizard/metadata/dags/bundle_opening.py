"""Open the bundle on the target: guard, manifest, mapping of every table, the private key; nothing is written."""

import hashlib


def newer(version, than):
    """Whether an Airflow version is newer than another one."""
    numbers = [[int("".join(c for c in part if c.isdigit()) or 0) for part in text.split(".")[:3]]
               for text in (version, than)]
    return numbers[0] > numbers[1]


def conflict_policy(request, table):
    """keep, replace or fail, for rows the target has already; one for all, or per kind ("history" for the rest)."""
    meant = request.get("conflict") or "keep"
    if isinstance(meant, dict):
        meant = meant.get(table if table in ("variable", "connection", "slot_pool") else "history") or "keep"
    if meant not in ("keep", "replace", "fail"):
        raise Refused("Rows that are there already can be kept or replaced, or the import can fail; %r is none of"
                      " these. Nothing was changed." % (meant,))
    return meant


class Bundle(object):
    """The manifest against this environment. Refused where the two do not belong together."""

    def __init__(self, job, version):
        connection, cursor = open_database(True)
        try:
            self.head = alembic_head(cursor)
            job.guard(self.head)
            self.columns = reflect(cursor, LOAD_ORDER + ("log_template",))
        finally:
            close_database(connection)
        self.manifest = job.store.need_json(MANIFEST)
        if self.manifest.get("format") != FORMAT:
            raise Refused("The bundle has format %s, this file knows %s. Nothing was changed."
                          % (self.manifest.get("format"), FORMAT))
        meant = job.request.get("manifest_run_id")
        if meant and meant != self.manifest["run_id"]:
            raise Refused("The bundle is of run %s, the orders are for %s. Nothing was changed."
                          % (self.manifest["run_id"], meant))
        self.entries = self.manifest["tables"]
        wanted = job.request.get("tables") or list(self.entries)
        missing = [table for table in wanted if table not in self.entries and table in self.columns]
        if missing:
            raise Refused("The bundle does not hold %s. Nothing was changed." % ", ".join(missing))
        self.tables = [table for table in LOAD_ORDER
                       if table in wanted and table in self.entries and table in self.columns]
        versions = (self.manifest["airflow_version"], version)
        if newer(*versions) and self.manifest["alembic_head"] != self.head:
            raise Refused("The bundle is of Airflow %s, this is %s: an older Airflow lacks columns it has."
                          " Nothing was changed." % versions)
        self.policies = {table: conflict_policy(job.request, table) for table in self.tables}
        self.bridge = bool(job.request.get("bridge"))
        self.loaders = {
            table: Loader(table, self.entries[table], self.columns, versions, self.policies[table], self.bridge)
            for table in self.tables if table not in SECRET_TABLES}
        self.private_key = None
        if set(self.tables) & set(SECRET_TABLES):
            pem = stored_private_key(job.session)
            if pem is None:
                raise Refused("This environment does not have the key of session %s. Nothing was changed."
                              % job.session)
            self.private_key = load_private_key(pem)

    def secrets(self, job, table):
        """Variables or connections of the bundle in clear, as they are to be stored here."""
        items = open_sealed(job, table, self.entries[table], self.manifest, self.private_key)
        if self.bridge and table == "variable":
            # filled_before_3, see rules.py: these tables are not written by SQL.
            items = [dict(item, val="") if item.get("val") is None else item for item in items]
        return items


def open_sealed(job, table, entry, manifest, private_key):
    """The items of a sealed table, checked against the manifest."""
    items = []
    for part in entry["parts"]:
        data = job.store.read(part["key"])
        if data is None or hashlib.sha256(data).hexdigest() != part["sha256"]:
            raise Refused("%s is not the object the manifest describes." % part["key"])
        items.extend(unseal(data, private_key, table, manifest["run_id"]))
    if len(items) != entry["rows"]:
        raise Refused("The sealed %s hold %d rows, the manifest says %d." % (table, len(items), entry["rows"]))
    return items
