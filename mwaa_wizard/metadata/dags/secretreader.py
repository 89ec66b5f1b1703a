"""Variables and connections in clear, for sealing: read under the snapshot, decrypted by Airflow's own Fernet."""

SECRET_COLUMNS = {
    "variable": {"val": "is_encrypted"},
    "connection": {"password": "is_encrypted", "extra": "is_extra_encrypted"},
}


def read_secrets(cursor, table, chosen):
    """([plain dictionary per row], names of the rows that this environment's Fernet key cannot open)."""
    from airflow.models.crypto import get_fernet
    from cryptography.fernet import InvalidToken

    fernet = get_fernet()
    keyed = getattr(fernet, "is_encrypted", True)  # without a key Airflow's stand-in gives the cipher text back
    names = chosen.names
    cursor.execute("SELECT %s FROM (%s) x WHERE mwz_reason IS NULL ORDER BY %s" % (
        ", ".join("x." + ident(name) for name in names), chosen.base(), "x." + ident(NATURAL_KEYS[table][0])))
    items, unreadable = [], []
    for row in cursor:
        item = dict(zip(names, row))  # noqa: B905
        try:
            for column, flag in SECRET_COLUMNS[table].items():
                if item.pop(flag, False) and item.get(column):
                    if not keyed:
                        raise InvalidToken
                    item[column] = fernet.decrypt(item[column].encode("utf-8")).decode("utf-8")
        except (InvalidToken, ValueError):
            unreadable.append(str(item[NATURAL_KEYS[table][0]]))
            continue
        items.append(item)
    return items, unreadable
