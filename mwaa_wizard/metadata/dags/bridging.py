"""On the way to Airflow 3: what its own upgrade stumbles over must not get into the 2.x that is upgraded."""

# Why a row stays behind, by the rule that says so (rules.py); of others the column is named.
STAYS_BEFORE_3 = {
    "xcom_json_before_3": "Airflow 3's own upgrade cannot convert this value, and would fail",
    "dated_before_3": "it has no time, and Airflow 3 answers for no page with such a row",
}

# Airflow's migration eed27faa34e3 (3.0) archives pickles (first byte 0x80) and casts the rest to jsonb; from 3.2 on it
# first makes texts of NaN and Infinity, with this very expression. That also finds them within a text, such as
# "loss: NaN, step 3", and ends it there; spelled by JSON's own escapes it is the same text and is not found. NULL: the
# migration would fail.
FUNCTION = """
CREATE OR REPLACE FUNCTION pg_temp.mwz_json(v bytea) RETURNS bytea LANGUAGE plpgsql AS $body$
DECLARE
    words text;
    bare CONSTANT text := '([:,\\[]\\s*|^)(NaN|-?Infinity)(?=\\s*[,}\\]]|$)';
BEGIN
    IF length(v) = 0 THEN RETURN NULL; END IF;
    IF get_byte(v, 0) = 128 THEN RETURN v; END IF;
    words := convert_from(v, 'UTF8');
    BEGIN
        PERFORM words::jsonb;
        IF words !~ bare THEN RETURN v; END IF;
        words := replace(replace(words, 'NaN', '\\u004eaN'), 'Infinity', '\\u0049nfinity');
    EXCEPTION WHEN others THEN
        words := regexp_replace(words, bare, '\\1"\\2"', 'g');
    END;
    PERFORM words::jsonb;
    RETURN convert_to(words, 'UTF8');
EXCEPTION WHEN others THEN RETURN NULL;
END $body$"""



def prepare_bridge(cursor):
    """Make the function in this session, where it has none yet."""
    cursor.execute("SELECT to_regprocedure('pg_temp.mwz_json(bytea)') IS NULL")
    if cursor.fetchone()[0]:
        cursor.execute(FUNCTION)
