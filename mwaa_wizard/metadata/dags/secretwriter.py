"""Variables and connections into this Airflow through its own models, so that its own Fernet key encrypts them."""

CLOSED = "(cannot be read with this environment's key)"
CONNECTION_FIELDS = ("conn_id", "conn_type", "description", "host", "schema", "login", "port")


def orm_session():
    """A session of Airflow's ORM and the two models."""
    from airflow import settings
    from airflow.models import Connection, Variable

    return settings.Session(), Variable, Connection


def read_back(table):
    """{name: plain dictionary} of what this Airflow holds, decrypted by its ORM."""
    orm, Variable, Connection = orm_session()
    try:
        if table == "variable":
            return {
                row.key: {"key": row.key, "val": row.get_val(), "description": getattr(row, "description", None)}
                for row in orm.query(Variable) if row.key is not None and not row.key.startswith(OWN_VARIABLES)}
        out = {}
        for row in orm.query(Connection):
            item = {name: getattr(row, name, None) for name in CONNECTION_FIELDS}
            try:
                item["password"], item["extra"] = row.get_password(), row.get_extra()
            except Exception:  # written with another key: the environment's own trouble, not the migration's
                item["password"] = item["extra"] = CLOSED
            out[row.conn_id] = item
        return out
    finally:
        orm.rollback()
        orm.close()


def prepared(table, item):
    """An item as every Airflow since 2.0 can hold it: a connection has a type, be it an empty one."""
    if table == "connection" and item.get("conn_type") is None:
        return dict(item, conn_type="")
    return item


def differences(table, item, there):
    """Names of the fields in which an item of the bundle and one of this Airflow differ; never their values."""
    item = prepared(table, item)
    return sorted(name for name in item if name in there and item[name] != there[name])


def clashing_secrets(table, items):
    """Names of the items that are here with other values."""
    there, key = read_back(table), NATURAL_KEYS[table][0]
    return sorted(item[key] for item in items if item[key] in there and differences(table, item, there[item[key]]))


def store_secrets(table, items, policy="keep"):
    """Add what is not there; what is there stays, or with the policy "replace" takes the bundle's values.

    {"inserted", "present", "updated": of those present, "other": [names that keep other values], "rejected":
    {reason: n}, "examples": {reason: [names]}}. What is replaced has been kept before (see the import).
    """
    orm, Variable, Connection = orm_session()
    name = NATURAL_KEYS[table][0]
    model = Variable if table == "variable" else Connection
    there = read_back(table)
    out = {"inserted": 0, "present": 0, "updated": 0, "other": [], "rejected": {}, "examples": {}}
    try:
        for item in items:
            item = prepared(table, item)
            old = there.get(item[name])
            changed = old is not None and bool(differences(table, item, old))
            try:
                if old is None:
                    row = model()
                    orm.add(row)
                elif changed and policy == "replace":
                    row = orm.query(model).filter(getattr(model, name) == item[name]).one()
                else:
                    out["present"] += 1
                    out["other"] += [item[name]] if changed else []
                    continue
                fill_variable(model, row, item) if table == "variable" else fill_connection(model, row, item)
                orm.commit()
            except Exception as error:  # its text could hold the value
                orm.rollback()
                why = "this Airflow could not store it: %s" % type(error).__name__
                out["rejected"][why] = out["rejected"].get(why, 0) + 1
                out["examples"].setdefault(why, []).append(item[name])
                continue
            if old is None:
                out["inserted"] += 1
            else:
                out["present"] += 1
                out["updated"] += 1
    finally:
        orm.rollback()
        orm.close()
    return out


def fill_variable(model, row, item):
    """Give a Variable the item's values."""
    row.key = item["key"]
    if item.get("val") is None:
        row._val, row.is_encrypted = None, False  # set_val(None) leaves what is there
    row.set_val(item.get("val"))
    if hasattr(model, "description"):
        row.description = item.get("description")


def fill_connection(model, row, item):
    """Give a Connection the item's values. One by one: the constructor would change odd names."""
    for name in CONNECTION_FIELDS:
        if hasattr(model, name) and name in item:
            setattr(row, name, item[name])
    row._password = row._extra = None  # the setters leave what is there where the new value is none
    row.set_password(item.get("password"))
    row.set_extra(item.get("extra"))
    # The setters treat an empty text as nothing; it is kept apart, as it was in the source.
    for name in ("password", "extra"):
        if item.get(name) == "":
            setattr(row, "_" + name, "")
