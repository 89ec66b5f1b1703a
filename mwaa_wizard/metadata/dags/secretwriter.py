"""Variables and connections into this Airflow through its own models, so that its own Fernet key encrypts them."""

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
                for row in orm.query(Variable) if not row.key.startswith(OWN_VARIABLES)}
        out = {}
        for row in orm.query(Connection):
            item = {name: getattr(row, name, None) for name in CONNECTION_FIELDS}
            item["password"], item["extra"] = row.get_password(), row.get_extra()
            out[row.conn_id] = item
        return out
    finally:
        orm.rollback()
        orm.close()


def differences(table, item, there):
    """Names of the fields in which an item of the bundle and one of this Airflow differ; never their values."""
    return sorted(name for name in item if name in there and item[name] != there[name])


def write_secrets(table, items):
    """Add what is not there; (inserted, present). What is there stays as it is."""
    orm, Variable, Connection = orm_session()
    name = NATURAL_KEYS[table][0]
    model = Variable if table == "variable" else Connection
    inserted = present = 0
    try:
        known = {row[0] for row in orm.query(getattr(model, name))}
        for item in items:
            if item[name] in known:
                present += 1
                continue
            try:
                orm.add(new_variable(model, item) if table == "variable" else new_connection(model, item))
                orm.commit()
            except Exception as error:  # its text could hold the value
                orm.rollback()
                failed = Refused("%s %s could not be stored: %s" % (table, item[name], type(error).__name__))
            else:
                inserted += 1
                continue
            raise failed
    finally:
        orm.rollback()
        orm.close()
    return inserted, present


def new_variable(model, item):
    """An unsaved Variable."""
    row = model()
    row.key = item["key"]
    row.set_val(item.get("val"))
    if hasattr(model, "description"):
        row.description = item.get("description")
    return row


def new_connection(model, item):
    """An unsaved Connection. Fields are set one by one: the constructor would change odd names."""
    row = model()
    for name in CONNECTION_FIELDS:
        if hasattr(model, name) and name in item:
            setattr(row, name, item[name])
    row.set_password(item.get("password"))
    row.set_extra(item.get("extra"))
    # The setters treat an empty text as nothing; it is kept apart, as it was in the source.
    for name in ("password", "extra"):
        if item.get(name) == "":
            setattr(row, "_" + name, "")
    return row
