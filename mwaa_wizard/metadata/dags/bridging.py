"""On the way to Airflow 3: what its own upgrade stumbles over must not get into the 2.x that is upgraded."""

NOT_JSON = "Airflow 3's own upgrade cannot convert this value, and would fail"

# Airflow's migration eed27faa34e3 (3.0) archives pickles (first byte 0x80) and casts the rest to jsonb; from 3.3 on it
# first makes texts of NaN and Infinity, with this very expression. NULL: it would fail.
FUNCTION = """
CREATE OR REPLACE FUNCTION pg_temp.mwz_json(v bytea) RETURNS bytea LANGUAGE plpgsql AS $body$
DECLARE words text;
BEGIN
    IF length(v) = 0 THEN RETURN NULL; END IF;
    IF get_byte(v, 0) = 128 THEN RETURN v; END IF;
    words := convert_from(v, 'UTF8');
    BEGIN
        PERFORM words::jsonb;
        RETURN v;
    EXCEPTION WHEN others THEN
        words := regexp_replace(words, '([:,\\[]\\s*|^)(NaN|-?Infinity)(?=\\s*[,}\\]]|$)', '\\1"\\2"', 'g');
    END;
    PERFORM words::jsonb;
    RETURN convert_to(words, 'UTF8');
EXCEPTION WHEN others THEN RETURN NULL;
END $body$"""


# Airflow's migration e39a26ac59f6 (3.0) makes NULL of the pickle of {} in protocol 5, and 3.0 wants a dictionary when a
# cleared task starts or a callback is called (execution API: DagRun.conf). The same in protocol 4 becomes {}.
EMPTY_5, EMPTY_4 = "'\\x80057d942e'::bytea", "'\\x80047d942e'::bytea"


def bridged(row):
    """The ColumnPlan of xcom.value or dag_run.conf, and what does not fit: [(SQL, why)]."""
    if row.column == "conf":
        value = "coalesce(nullif(%s, %s), %s)" % (row.expression, EMPTY_5, EMPTY_4)
        return row._replace(expression=value, action="computed", rule="conf_dictionary_before_3"), []
    value = "pg_temp.mwz_json(%s)" % row.expression
    return row._replace(expression=value, action="computed", rule="xcom_json_before_3"), [
        ("(%s IS NOT NULL AND %s IS NULL)" % (row.expression, value), NOT_JSON)]


def prepare_bridge(cursor):
    """Make the function in this session, where it has none yet."""
    cursor.execute("SELECT to_regprocedure('pg_temp.mwz_json(bytea)') IS NULL")
    if cursor.fetchone()[0]:
        cursor.execute(FUNCTION)
