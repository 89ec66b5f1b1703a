"""mwz_key: makes a key pair in the target, so that secrets can be sealed to this environment alone (mwaa-wizard)."""

import hashlib

# include: common.py
# include: database.py
# include: sealing.py
# include: dagdef.py


def run_key(job):
    """Make the pair, or find the one made before; the public half goes to the bucket."""
    connection, cursor = open_database()
    try:
        job.guard(alembic_head(cursor))
    finally:
        close_database(connection)
    job.progress.set(phase="key", unit="keys", total=1)
    pem = stored_private_key(job.session)
    if pem is None:
        from airflow.models import Variable

        pem = new_private_key()
        Variable.set(key_variable(job.session), pem)
        job.log("A key pair was made; its private half is an encrypted variable of this environment.")
    else:
        job.log("The key pair of this session is there already.")
    check_at_rest(job)
    public = public_pem(load_private_key(pem))
    job.store.write(PUBLIC_KEY, public, "application/x-pem-file")
    job.progress.set(done=1)
    job.log("Public key %s... is in the bucket." % hashlib.sha256(public).hexdigest()[:16])


def check_at_rest(job):
    """Without a Fernet key Airflow keeps variables in clear: then the private half must not stay."""
    connection, cursor = open_database()
    try:
        cursor.execute("SELECT is_encrypted FROM variable WHERE key = %s", (key_variable(job.session),))
        row = cursor.fetchone()
        if row is None:
            raise Refused("The variable with the private key was not stored (is a secrets backend in the way?).")
        if not row[0]:
            cursor.execute("DELETE FROM variable WHERE key = %s", (key_variable(job.session),))
            connection.commit()
            raise Refused("This Airflow has no Fernet key, so its variables are not encrypted. The key was removed.")
    finally:
        close_database(connection)


dag = make_dag("mwz_key", run_key, "mwaa-wizard: key pair for sealed secrets")
