"""What every DAG file of the wizard needs: the bucket, the orders, progress, and failures in plain words."""

import datetime
import json
import logging
import os
import threading

# The same names as in the wizard's `metadata/bundle.py`; a test compares the two.
FORMAT = 1
INVENTORY = "inventory.json"
PUBLIC_KEY = "key/public.pem"
MANIFEST = "manifest.json"
IMPORT_RESULT = "import/result.json"
VERIFY_RESULT = "verify/result.json"
PAUSED = "paused.json"
REQUEST = "requests/{dag_id}.json"
PROGRESS = "progress/{dag_id}.json"
PART = "tables/{table}/{number:04d}.csv.gz"
SEALED = "sealed/{table}.json.sealed"
REJECTED = "rejected/{table}.csv.gz"
SOURCE_REJECTED = "rejected/source/{table}.csv.gz"
REPLACED = "replaced/{table}.csv.gz"
SEALED_REPLACED = "sealed/replaced-{table}.json.sealed"
WORK = "work/{dag_id}/{run_id}/{name}.json"

OWN_DAGS = "mwz_"  # prefix of our own DAG ids: never counted, paused, exported
OWN_VARIABLES = "mwaa_wizard_key_"  # prefix of the variable that holds a private key
RUN_PREFIX = "mw-"  # run ids the wizard gives
LOG_LINES = 40

LOG = logging.getLogger("airflow.task")


class Refused(Exception):
    """A refusal or failure told in plain words; the text goes to the wizard as it is."""


def now():
    """The present in UTC, ISO 8601."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def first_line(error):
    """An exception as one line without the data rows or parameters that drivers append."""
    text = str(error).strip().splitlines()
    words = text[0] if text else ""
    if isinstance(error, Refused):
        return words
    return "%s: %s" % (type(error).__name__, words[:400])


class Store(object):
    """The migration bucket. Every call is one of s3:GetObject, PutObject, AbortMultipartUpload, ListBucket."""

    def __init__(self, bucket, region):
        import boto3
        from botocore.config import Config

        # Older boto3 does not read AWS_ENDPOINT_URL by itself; newer ones would do the same.
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None
        self.bucket, self.region = bucket, region
        self.client = boto3.client(
            "s3",
            region_name=region or None,
            endpoint_url=endpoint,
            config=Config(retries={"max_attempts": 5}, connect_timeout=20, read_timeout=60),
        )

    def clone(self):
        """The same bucket with connections of its own, for a forked process."""
        return Store(self.bucket, self.region)

    def read(self, key):
        """The bytes of an object, or None where there is none."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                return None
            raise Refused("S3 refused to read %s: %s" % (key, error.response.get("Error", {}).get("Code")))

    def pieces(self, key, size=1 << 20):
        """The bytes of an object that is there, some at a time."""
        body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        data = body.read(size)
        while data:
            yield data
            data = body.read(size)

    def keys(self, prefix, part):
        """Keys that begin with `prefix` and have `part` in them, sorted."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return sorted(found["Key"] for page in pages for found in page.get("Contents", []) if part in found["Key"])

    def write(self, key, data, content_type="application/octet-stream"):
        """Put one small object."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)

    def read_json(self, key):
        """A JSON document, or None where there is none."""
        data = self.read(key)
        return None if data is None else json.loads(data.decode("utf-8"))

    def need_json(self, key):
        """A JSON document that must be there."""
        document = self.read_json(key)
        if document is None:
            raise Refused("%s is not in bucket %s." % (key, self.bucket))
        return document

    def write_json(self, key, document):
        """Put one JSON document."""
        self.write(key, json.dumps(document, indent=1, sort_keys=True).encode("utf-8"), "application/json")


class Progress(object):
    """How far the run is: overwrites one small object about every second, from its own thread."""

    def __init__(self, store, dag_id, run_id, key=None):
        self.store = store
        self.key = key or PROGRESS.format(dag_id=dag_id)
        self.state = {
            "dag_id": dag_id, "run_id": run_id, "state": "running", "phase": "", "table": "", "done": 0,
            "total": None, "unit": "rows", "message": "", "log": [], "error": "", "at": now(),
        }
        self.lock = threading.Lock()
        self.writing = threading.Lock()  # held while the thread writes: who forks takes it first
        self.over = threading.Event()
        self.dirty = True
        self.thread = threading.Thread(target=self._beat)
        self.thread.daemon = True
        self.thread.start()

    def set(self, **facts):
        """Change members of the document (see the wizard's bundle.Progress)."""
        with self.lock:
            self.state.update(facts)
            self.dirty = True

    def add(self, count):
        """`count` more units are done."""
        with self.lock:
            self.state["done"] += count
            self.dirty = True

    def log(self, line):
        """One line for the task log and for the wizard's log pane."""
        LOG.info("%s", line)
        with self.lock:
            self.state["log"] = (self.state["log"] + [line])[-LOG_LINES:]
            self.state["message"] = line
            self.dirty = True

    def _write(self):
        with self.lock:
            self.state["at"] = now()
            document = dict(self.state)
            self.dirty = False
        self.store.write_json(self.key, document)

    def _beat(self):
        quiet = 0
        while not self.over.is_set():
            quiet += 1
            if self.dirty or quiet >= 5:
                quiet = 0
                try:
                    with self.writing:
                        self._write()
                except Exception as error:  # the work goes on; the end is written again, and there it counts
                    LOG.warning("Progress was not written: %s", first_line(error))
            self.over.wait(1.0)

    def close(self, state, error=""):
        """Stop the thread and write how it ended."""
        self.over.set()
        self.thread.join(90)
        self.set(state=state, error=error)
        self._write()


class Job(object):
    """One DAG run: its orders, its bucket, its progress. `share`: which of several tasks this is, 0 leads."""

    def __init__(self, dag_id, conf, run_id, share=0):
        for name in ("bucket", "region", "session"):
            if not isinstance(conf.get(name), str) or not conf.get(name):
                raise Refused("This DAG is started by mwaa-wizard with bucket, region and session in its conf.")
        self.dag_id = dag_id
        self.session = conf["session"]
        self.store = Store(conf["bucket"], conf["region"])
        self.request = self.store.need_json(REQUEST.format(dag_id=dag_id))
        self.run_id = self.request.get("run_id") or run_id
        if self.request.get("format") != FORMAT:
            raise Refused("The orders in the bucket have format %s, this file knows %s."
                          % (self.request.get("format"), FORMAT))
        if run_id.startswith(RUN_PREFIX) and run_id != self.run_id:
            raise Refused("The orders in the bucket are for run %s, this is run %s." % (self.run_id, run_id))
        self.environment = os.environ.get("AIRFLOW_ENV_NAME", "")
        self.share = share
        own = WORK.format(dag_id=dag_id, run_id=self.run_id, name="progress-%d" % share) if share else None
        self.progress = Progress(self.store, dag_id, self.run_id, own)
        self.log = self.progress.log

    def guard(self, head):
        """Refuse to work in another environment or on another schema than the one that was meant.

        Args: head: the alembic revision found in the metadata database.
        """
        meant = self.request.get("environment")
        if meant and meant != self.environment:
            raise Refused("This is environment %s, the orders are for %s. Nothing was changed."
                          % (self.environment or "(AIRFLOW_ENV_NAME is not set)", meant))
        expected = self.request.get("alembic_head")
        if expected and expected != head:
            raise Refused("The metadata schema is %s, the orders expect %s. Nothing was changed."
                          % (head, expected))


def run_threads(work, count, errors):
    """Run `work` in `count` threads to their end, then raise the first of `errors` (they add theirs to it).

    When this run itself is told to stop, the threads find that in `errors`, too.
    """
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.daemon = True
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException as error:
        errors.append(error)
        for thread in threads:
            thread.join(30)
        raise
    if errors:
        raise errors[0]


def run_job(dag_id, body, context, share=0):
    """Run `body(job)`, and leave a progress document that says how it ended, whatever happens."""
    run = context["dag_run"]
    job = Job(dag_id, run.conf or {}, run.run_id, share)
    try:
        body(job)
    except BaseException as error:
        LOG.error("%s failed: %s", dag_id, first_line(error))
        job.progress.close("failed", first_line(error))
        raise
    job.progress.close("success")
