"""The awkward values themselves: names, texts, moments, pickles. Python 3.7, no Airflow."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import datetime
import json
import pickle
import sys
import types

UTC = datetime.timezone.utc

AWKWARD = (
    'a "quoted", comma; pipe|back\\slash \\N \\. \\x41 {{ ds }} %s %(x)s ${x}\t tab\nnew line\r\n\x01\x7f'
    " \u00fc e\u0301 \u200b\ufeff \U0001f680\U0001f9d1\u200d\U0001f680 \u05e9\u05dc\u05d5\u05dd"
    " \u0645\u0631\u062d\u0628\u0627 \u202eRTL\u202c 'single' -- /* */ ; DROP"
)

# Names of DAGs and tasks as people, generators and accidents made them.
NAMES = (
    "plain",
    "we'ird \"quoted\" %s",
    "new\nline\r\n",
    "comma, semi; pipe|tab\t",
    "back\\slash\\",
    "\\N",
    "\\.",
    "\U0001f680 emoji \U0001f9d1\u200d\U0001f680",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    " spaces at both ends ",
    "NULL",
    "percent %(x)s {{ ds }} {0} $1",
    "e\u0301 \u00fc \u200b\ufeff",
    "x" * 243,
)

# One column is a text, an empty text, or nothing at all.
TEXTS = ("text", "", None, AWKWARD[:200], "\\N", "\\.", '""', ",", "\n", "NULL")

ZONES = tuple(
    datetime.timezone(datetime.timedelta(minutes=minutes)) for minutes in (0, 330, -660, 765, 60)
)
EPOCH = datetime.datetime(1970, 1, 1, 0, 0, 0, 1, UTC)
FAR = datetime.datetime(2099, 12, 31, 23, 59, 59, 999999, UTC)


class Moved(object):
    """Stands for a class of the source's plug-ins: the target has no module of that name."""

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value

    def __repr__(self):
        # Airflow 2.3 and later store a pod they do not know by this text; an address would differ every time.
        return "%s(%r)" % (type(self).__name__, self.value)


def foreign(module, name, value):
    """An instance whose pickle names a class that can be imported nowhere but here."""
    parts = module.split(".")
    for number in range(len(parts)):
        full = ".".join(parts[: number + 1])
        if full not in sys.modules:
            sys.modules[full] = types.ModuleType(full)
    kind = type(name, (Moved,), {"__module__": module})
    setattr(sys.modules[module], name, kind)
    return kind(value)


class Raw(object):
    """A value whose pickle is this text of bytes: for what only another interpreter could have written."""

    def __init__(self, data):
        self.data = data


def confs():
    """Values of dag_run.conf, as objects."""
    return (
        None,
        {},
        {"plain": 1, "nested": {"list": [1, None, "x"]}, "text": AWKWARD},
        {"when": datetime.datetime(2024, 2, 29, 1, 2, 3, 456789, UTC), "day": datetime.date(1999, 1, 1)},
        {"set": {1}, "tuple": (1, 2), "bytes": b"\x00\xff", "infinity": float("inf"), "big": 2 ** 70},
        {"object": foreign("torture_plugin.jobs", "Order", {"id": 7})},
        "only a text",
        [1, 2, {"k": "\U0001f680"}],
        {"size": "y" * 20000},
        {"ratio": float("inf"), "other": float("nan")},
        {"nul": "a\x00b"},
        {"half": "\ud800"},
    )


def executor_configs():
    """Values of task_instance.executor_config, as objects: most rows hold {}."""
    return (
        {},
        {},
        {},
        {"KubernetesExecutor": {"image": "busy:1", "request_memory": "128Mi", "annotations": {"a": AWKWARD}}},
        {"pod_override": foreign("kubernetes.client.models.torture_pod", "V1Pod", {"spec": [1, 2]})},
        {"pods": [foreign("kubernetes.client.models.torture_pod", "V1Container", {"image": "x"})]},
        {"executor": foreign("airflow.contrib.kubernetes.torture_secret", "Secret", "env")},
        {"when": datetime.datetime(2024, 2, 29, tzinfo=UTC), "set": {1}},
    )


def xcom_values(release):
    """Bytes of xcom.value, as they may lie in the column."""
    return (
        json.dumps({"rows": 3, "text": AWKWARD}).encode("utf-8"),
        json.dumps(AWKWARD, ensure_ascii=False).replace("\\u0000", "").encode("utf-8"),
        b'"text"',
        b"null",
        b"12.5",
        None,
        pickle.dumps({"pickled": [1, 2, 3], "when": datetime.datetime(2024, 1, 1)}, 2),
        pickle.dumps(foreign("torture_plugin.jobs", "Result", AWKWARD), 2),
    )


# Bytes that are neither JSON nor a pickle, as a backend of the user's own may store them. Seven of them: their number
# must not share a factor with the 3 and the 29 that choose the rows, or some would never be taken.
BINARY = (b"s3://bucket/key", b"", b"\x00\x01\xfe\xff\\x41\\N\n", b'{"NaN": NaN, "inf": -Infinity}', b"plain words",
          b'"loss: NaN, [Infinity]"', b'"\\ud800"')


def rendered():
    """Values of rendered_task_instance_fields.rendered_fields."""
    return (
        {"bash_command": AWKWARD, "env": None},
        {},
        {"templates_dict": {"a": ["1", {"b": "\\N"}]}, "op_args": []},
        {"sql": "SELECT '\\.' || E'\\n' -- " + "z" * 3000},
    )


def moment(n, rng):
    """A distinct moment of the past with microseconds, in one of several zones."""
    base = datetime.datetime(2017, 1, 1, tzinfo=UTC) + datetime.timedelta(hours=7 * n, microseconds=rng.randrange(10 ** 6))
    return base.astimezone(ZONES[n % len(ZONES)])
