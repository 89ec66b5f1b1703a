"""PostgreSQL below Airflow's own engine: connections, reflection, checksums, quoting."""

SETTINGS = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL DateStyle TO 'ISO, YMD'",
    "SET LOCAL extra_float_digits TO 3",
    "SET LOCAL bytea_output TO 'hex'",
    "SET LOCAL statement_timeout TO 0",
    "SET LOCAL lock_timeout TO 0",
    # The connection that holds the snapshot is idle while the others copy.
    "SET LOCAL idle_in_transaction_session_timeout TO 0",
)

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def ident(name):
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    """A quoted string constant (COPY takes no parameters)."""
    return "'" + text.replace("'", "''") + "'"


def open_database(read_only=False, snapshot=None):
    """A new transaction on the metadata database; (connection, cursor). Settings last until its end.

    Args: read_only: REPEATABLE READ, READ ONLY. snapshot: id of an exported snapshot to see the same picture.
    """
    from airflow import settings

    if settings.engine.dialect.name != "postgresql":
        raise Refused("The metadata database is %s; only PostgreSQL can be read." % settings.engine.dialect.name)
    connection = settings.engine.raw_connection()
    connection.rollback()
    if connection.encoding != "UTF8":  # a database in SQL_ASCII holds UTF-8 all the same, which psycopg2 would not read
        connection.set_client_encoding("UTF8")
    cursor = connection.cursor()
    if read_only:
        cursor.execute(SNAPSHOT)
    if snapshot:
        cursor.execute("SET TRANSACTION SNAPSHOT " + literal(snapshot))
    for statement in SETTINGS:
        cursor.execute(statement)
    return connection, cursor


def close_database(connection):
    """Roll back what is open and give the connection back."""
    try:
        connection.rollback()
    finally:
        connection.close()


def alembic_head(cursor):
    """The revision the schema is at."""
    cursor.execute("SELECT version_num FROM alembic_version ORDER BY 1")
    return ",".join(row[0] for row in cursor.fetchall())


def database_version(cursor):
    """Such as "postgresql 15.4"."""
    cursor.execute("SHOW server_version")
    return "postgresql " + cursor.fetchone()[0].split(" ")[0]


def reflect(cursor, tables):
    """{table: {column: {"type", "nullable", "default"}}} in column order, tables that do not exist left out."""
    cursor.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
        " pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0"
        " AND NOT a.attisdropped AND c.relname = ANY(%s) ORDER BY c.relname, a.attnum",
        (list(tables),),
    )
    found = {}
    for table, column, kind, not_null, default in cursor.fetchall():
        found.setdefault(table, {})[column] = {"type": kind, "nullable": not not_null, "default": default}
    return found


def row_hash(alias, columns):
    """SQL: 64 bits of md5 over the columns' text, as a number whose sum does not depend on row order.

    ROW(...)::text keeps NULL and '' apart and quotes what needs it, so two different rows never read the same.
    """
    fields = ", ".join("%s.%s" % (alias, ident(column)) for column in columns)
    return "('x' || left(md5(ROW(%s)::text), 16))::bit(64)::bigint::numeric" % fields


def checksum(rows, total):
    """The manifest's form of a checksum: number of rows and the sum of their hashes modulo 2**64."""
    return "%d-%016x" % (rows, int(total or 0) % (1 << 64))
