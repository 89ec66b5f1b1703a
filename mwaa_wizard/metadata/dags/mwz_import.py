"""mwz_import: loads the bundle into this environment's metadata; running it again changes nothing (mwaa-wizard)."""

import json
import time

# include: common.py
# include: database.py
# include: tables.py
# include: mapping.py
# include: sealing.py
# include: partwriter.py
# include: partreader.py
# include: loading.py
# include: secretwriter.py
# include: bundle_opening.py
# include: importing.py
# include: fanout.py
# include: nextruns.py
# include: dagdef.py

STARTED = "import/started.json"
TASKS = 1  # how many tasks share the work; set when the file is written
NAMES_TOLD = 5


class Import(object):
    """One import: the same in the lead and in the tasks that follow it."""

    def __init__(self, job):
        from airflow.version import version

        self.job, self.version, self.opened = job, version, Bundle(job, version)
        self.parallel = max(1, min(4, int(job.request.get("parallel") or 2)))
        self.results = {}

    def refuse_clashes(self):
        """Where rows that are there already shall make the import fail: look at all before anything is written.

        Only before the first write of this bundle: what an interrupted import of it left is no clash.
        """
        started = {"environment": self.job.environment, "manifest_run_id": self.opened.manifest["run_id"],
                   "policies": self.opened.policies}
        if self.job.store.read_json(STARTED) == started:
            return
        found = []
        for table in self.opened.tables:
            if self.opened.policies[table] != "fail":
                continue
            if table in SECRET_TABLES:
                names = clashing_secrets(table, self.items(table))
                number = len(names)
            else:
                number, names, loader = 0, [], self.opened.loaders[table]
                for part in loader.entry["parts"]:
                    some, called = with_part(self.job, part, loader.entry, lambda cursor, _: look(loader, cursor))  # noqa: B023
                    number, names = number + some, names + called
            if number:
                found.append("%s: %d (%s)" % (table, number, "; ".join(names[:NAMES_TOLD])))
        if found:
            raise Refused("The target has rows with other values. Nothing was changed. " + ", ".join(found))
        self.job.store.write_json(STARTED, started)

    def items(self, table):
        """Variables or connections of the bundle in clear."""
        return self.opened.secrets(self.job, table)

    def secrets(self, table, result):
        """Sealed variables or connections into this Airflow."""
        items, job = self.items(table), self.job
        if self.opened.policies[table] == "replace":
            self.keep_replaced(table, items)
        done = store_secrets(table, items, self.opened.policies[table])
        result.add(0, dict(done, read=len(items), emptied={}, kept=[]))
        if done["examples"]:
            result.facts["examples"] = done["examples"]
        job.progress.add(len(items))

    def keep_replaced(self, table, items):
        """Seal what is about to be replaced, before it is: an import that ends in between loses nothing.

        What an earlier import kept stays, or a second one would put its own values in the place of the user's.
        """
        key, name, there = SEALED_REPLACED.format(table=table), NATURAL_KEYS[table][0], read_back(table)
        old = [there[item[name]] for item in items
               if item[name] in there and differences(table, item, there[item[name]])]
        if not old:
            return
        data, kept = self.job.store.read(key), []
        if data is not None:
            try:
                kept = unseal(data, self.opened.private_key, table, json.loads(data.decode("ascii"))["run_id"])
            except Refused:
                self.job.log("%s was sealed to the key of another environment; it is written anew." % key)
        known = {item[name] for item in kept}
        kept += [item for item in old if item[name] not in known]
        self.job.store.write(key, seal(kept, public_pem(self.opened.private_key), table, self.job.run_id))

    def parts(self, table, result, lead):
        """All parts of one table, shared with the other tasks where there is more than one."""
        loader, job = self.opened.loaders[table], self.job
        result.facts["columns"] = loader.actions()
        numbers, direct = list(range(len(loader.entry["parts"]))), self.may_go_straight(loader)
        work = PartLoader(job, loader, direct)

        def told(number, done):
            result.add(number, done)
            job.progress.add(done["read"])

        if len(numbers) < 2 or lead.tasks < 2:
            work.run(numbers, self.parallel, told)
        else:
            parted = shares(numbers, lead.tasks)
            lead.open(table, {"items": numbers, "tasks": lead.tasks, "direct": direct})
            work.run(parted[0], self.parallel, told)
            lead.collect(table, parted, told, lambda items: work.run(items, self.parallel, told))
        if result.facts["read"] != loader.entry["rows"]:
            raise Refused("%s: %d of %d rows were read." % (loader.table, result.facts["read"], loader.entry["rows"]))
        join_kept(job, result, "packed", REJECTED.format(table=table), ["mwz_reason"] + loader.entry["columns"])
        if self.opened.policies[table] == "replace":
            join_kept(job, result, "replaced", REPLACED.format(table=table), list(loader.target))

    def may_go_straight(self, loader):
        """Loader.direct_guard(), asked before the first part."""
        connection, cursor = open_database(True)
        try:
            return bool(loader.direct()) and bool(loader.direct_guard(cursor))
        finally:
            close_database(connection)

    def run(self):
        """Table by table in an order that satisfies every foreign key."""
        job, lead = self.job, Lead(self.job, TASKS)
        total = sum(self.opened.entries[name]["rows"] for name in self.opened.tables)
        try:
            self.refuse_clashes()
            job.progress.set(phase="import", unit="rows", total=total)
            for table in self.opened.tables:
                job.progress.set(table=table)
                begun, result = time.time(), TableResult()
                self.results[table] = result
                if table in SECRET_TABLES:
                    self.secrets(table, result)
                else:
                    self.parts(table, result, lead)
                facts = result.facts
                facts["seconds"] = round(time.time() - begun, 3)
                job.log("%s: %d read, %d inserted, %d there already, %d rejected." % (
                    table, facts["read"], facts["inserted"], facts["present"], facts["rejected"]))
            forget_next_runs(job, self.opened)
        finally:
            lead.say(over=True)


def look(loader, cursor):
    """Loader.clashes() of a staged part, its values as the import would bring them."""
    loader.clean(cursor)
    return loader.clashes(cursor)


def run_import(job):
    """Guard first, write the result last."""
    work = Import(job)
    work.run()
    job.store.write_json(IMPORT_RESULT, {
        "format": FORMAT, "run_id": job.run_id, "environment": job.environment, "airflow_version": work.version,
        "alembic_head": work.opened.head, "manifest_run_id": work.opened.manifest["run_id"],
        "tables": {table: result.facts for table, result in work.results.items()}, "finished_at": now(),
    })


def share_import(job):
    """Another task's share of the tables the lead opens."""
    work = Import(job)

    def do(table, plan, numbers, told):
        PartLoader(job, work.opened.loaders[table], plan["direct"]).run(numbers, work.parallel, told)

    follow(job, do)


dag = make_dag("mwz_import", run_import, "mwaa-wizard: import metadata from the migration bucket", share_import, TASKS)
