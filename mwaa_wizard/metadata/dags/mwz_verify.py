"""mwz_verify: compares the bundle with this environment, inside its database; changes nothing (mwaa-wizard)."""

# include: common.py
# include: database.py
# include: tables.py
# include: mapping.py
# include: sealing.py
# include: partreader.py
# include: loading.py
# include: secretwriter.py
# include: bundle_opening.py
# include: dagdef.py

NAMES_TOLD = 10


# The default up to 1.10 (DAGs of 1.10 pickle all they return), off from 2.0 on; Airflow BaseXCom.deserialize_value.
PICKLED_XCOMS = ("%d values are pickles: this Airflow reads them with core.enable_xcom_pickling only, which is off, and"
                 " Airflow 3 keeps them aside.")


def pickled(cursor):
    """How many staged XComs this Airflow, as it is configured, cannot read because they are pickles."""
    from airflow.configuration import conf

    if conf.getboolean("core", "enable_xcom_pickling"):
        return 0
    cursor.execute("SELECT count(*) FROM %s s WHERE substring(s.value FROM 1 FOR 1) = '\\x80'::bytea" % STAGE)
    return cursor.fetchone()[0]


def verify_table(job, loader, counted, imported):
    """Rows and values of one table on both sides. Args: imported: what the import said of the table."""
    entry, label = loader.entry, {"dag_run": "runs", "task_instance": "task_instances"}.get(loader.table)
    facts = {"rows": 0, "there": 0, "source_sum": 0, "target_sum": 0, "other": [], "pickled": 0}
    missing, emptied, per_dag, gone = {}, {}, {}, {}

    def work(cursor, rows):
        found = loader.compare(cursor, rows)
        facts["rows"] += rows
        for name in ("there", "source_sum", "target_sum"):
            facts[name] += found[name] or 0
        if loader.table == "xcom":
            facts["pickled"] += pickled(cursor)
        if loader.table == "slot_pool":
            facts["other"] += clashes(loader, cursor, 1000)[1]
        add(missing, found["missing"])
        add(emptied, found["emptied"])
        add(per_dag, found["per_dag"])
        add(gone, found["missing_per_dag"])

    for part in entry["parts"]:
        with_part(job, part, entry, work)
        job.progress.add(part["rows"])
    reasons = imported.get("reasons", {})
    explained = all(why != MISSING and number <= reasons.get(why, 0) for why, number in missing.items())
    if explained:
        add(per_dag, gone)
    for dag_id, number in per_dag.items() if label else ():
        counted.setdefault(dag_id, {"runs": 0, "task_instances": 0})[label] += number
    notes = told(entry, facts, missing, emptied, reasons)
    source, target = checksum(facts["there"], facts["source_sum"]), checksum(facts["there"], facts["target_sum"])
    if facts["other"]:
        kept = set(facts["other"]) <= set(imported.get("kept", []))
        words = "Kept with other values, as ordered: %s." if kept else "Other values in the target: %s."
        notes.append(words % "; ".join(sorted(facts["other"])[:NAMES_TOLD]))
    if facts["pickled"]:
        notes.append(PICKLED_XCOMS % facts["pickled"])
    if not facts["other"] and source != target and not loader.keyless:
        notes.append("Rows with the same key have other values in the target.")
    return {
        "source_rows": entry["rows"], "target_rows": facts["there"], "source_checksum": source,
        "target_checksum": target, "notes": notes,
        "same": source == target and facts["rows"] == entry["rows"] and explained,
    }


def told(entry, facts, missing, emptied, reasons):
    """What a person should know about a table. Args: missing, reasons: {why: rows} now, and at the import."""
    notes = []
    if facts["rows"] != entry["rows"]:
        notes.append("The bundle's parts hold %d rows, the manifest says %d." % (facts["rows"], entry["rows"]))
    lost = {why: rows - reasons.get(why, 0) for why, rows in missing.items() if rows > reasons.get(why, 0)}
    lost.update((why, rows) for why, rows in missing.items() if why == MISSING)
    if lost:
        notes.append("%d rows of the source are not in the target." % sum(lost.values()))
    for why, rows in sorted(missing.items()):
        if why not in lost:
            notes.append("%d rows were rejected by the import: %s." % (rows, why))
    for why, rows in sorted(entry.get("rejected", {}).items()):
        notes.append("%d rows stayed in the source: %s." % (rows, why))
    for words, number in sorted(emptied.items()):
        notes.append("%d values: %s." % (number, words))
    return notes


def verify_secrets(job, table, entry, opened, imported):
    """Variables or connections, compared by their decrypted values; only names are told."""
    items = opened.secrets(job, table)
    there, missing, other, kept = read_back(table), [], [], []
    key = NATURAL_KEYS[table][0]
    for item in items:
        name = item[key]
        if name not in there:
            missing.append(name)
        else:
            fields = differences(table, item, there[name])
            if fields and name in imported.get("kept", []):
                kept.append(name)
            elif fields:
                other.append("%s (%s)" % (name, ", ".join(fields)))
    notes = []
    for words, names in (("Not in the target", missing), ("Other values in the target", other),
                         ("Kept with other values, as ordered", kept)):
        if names:
            more = " and %d more" % (len(names) - NAMES_TOLD) if len(names) > NAMES_TOLD else ""
            notes.append("%s: %s%s." % (words, "; ".join(names[:NAMES_TOLD]), more))
    unread = sum(entry.get(where, {}).get(UNREADABLE, 0) for where in ("left_out", "rejected"))
    if unread:
        notes.append("%d could not be decrypted in the source, so they are not in the target." % unread)
    job.progress.add(len(items))
    job.log("%s: %d equal, %d different, %d missing." % (
        table, len(items) - len(missing) - len(other) - len(kept), len(other) + len(kept), len(missing)))
    return {
        "source_rows": len(items), "target_rows": len(items) - len(missing), "source_checksum": "",
        "target_checksum": "", "same": not (missing or other or kept or unread), "notes": notes,
    }


def compare_dags(expected, counted, tables):
    """{dag_id: what differs in words}."""
    out = {}
    for dag_id, numbers in expected.items():
        words = []
        for label, table in (("runs", "dag_run"), ("task_instances", "task_instance")):
            if table in tables:
                there = counted.get(dag_id, {}).get(label, 0)
                if there != numbers.get(label, 0):
                    words.append("%s: %d in the source, %d in the target" % (
                        label.replace("_", " "), numbers.get(label, 0), there))
        if words:
            out[dag_id] = "; ".join(words)
    return out


def run_verify(job):
    """Every table of the bundle that was asked for, side by side."""
    from airflow.version import version

    opened, counted, tables = Bundle(job, version), {}, {}
    result = job.store.read_json(IMPORT_RESULT) or {}
    ours = (result.get("manifest_run_id"), result.get("environment")) == (opened.manifest["run_id"], job.environment)
    imported = result.get("tables", {}) if ours else {}  # what another bundle's import rejected explains nothing
    job.progress.set(phase="verify", unit="rows", total=sum(opened.entries[name]["rows"] for name in opened.tables))
    for table in opened.tables:
        job.progress.set(table=table)
        if table in SECRET_TABLES:
            facts = verify_secrets(job, table, opened.entries[table], opened, imported.get(table, {}))
        else:
            facts = verify_table(job, opened.loaders[table], counted, imported.get(table, {}))
        facts["rejected"] = imported.get(table, {}).get("rejected", 0)
        tables[table] = facts
        job.log("%s: %s" % (table, "the same" if facts["same"] else "; ".join(facts["notes"])))
    differ = compare_dags(opened.manifest["dag_counts"], counted, opened.tables)
    job.store.write_json(VERIFY_RESULT, {
        "format": FORMAT, "run_id": job.run_id, "environment": job.environment, "airflow_version": version,
        "tables": tables, "dags_differ": differ,
        "same": not differ and all(facts["same"] for facts in tables.values()), "finished_at": now(),
    })


dag = make_dag("mwz_verify", run_verify, "mwaa-wizard: compare the bundle with this environment")
