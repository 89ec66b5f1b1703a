"""Airflow 1.10 to 2.2 in the words of later ones: mapped and decorated tasks, groups, `schedule`.

What is mapped later is one task here that does all of it; the rest is what these versions have under older names.
"""

import inspect

from airflow import DAG as _DAG
from airflow.version import version

OLD = version.startswith("1.")

if OLD:
    from airflow.contrib.sensors.python_sensor import PythonSensor as _PythonSensor
    from airflow.operators.bash_operator import BashOperator as _BashOperator
    from airflow.operators.dummy_operator import DummyOperator as _DummyOperator
    from airflow.operators.python_operator import BranchPythonOperator as _BranchPythonOperator
    from airflow.operators.python_operator import PythonOperator as _PythonOperator
    from airflow.operators.python_operator import ShortCircuitOperator as _ShortCircuitOperator
    from airflow.sensors.external_task_sensor import ExternalTaskSensor as _ExternalTaskSensor
else:
    from airflow.operators.bash import BashOperator as _BashOperator
    from airflow.operators.dummy import DummyOperator as _DummyOperator
    from airflow.operators.python import BranchPythonOperator as _BranchPythonOperator
    from airflow.operators.python import PythonOperator as _PythonOperator
    from airflow.operators.python import ShortCircuitOperator as _ShortCircuitOperator
    from airflow.sensors.external_task import ExternalTaskSensor as _ExternalTaskSensor
    from airflow.sensors.python import PythonSensor as _PythonSensor
    from airflow.utils.task_group import TaskGroup

RULES = {} if version >= "2.2" else {"none_failed_min_one_success": "none_failed"}
_groups = []


def DAG(dag_id, schedule=None, **more):
    """A DAG; `schedule` is called `schedule_interval` here, and `max_active_tasks` was `concurrency` until 2.2."""
    if version < "2.2" and "max_active_tasks" in more:
        more["concurrency"] = more.pop("max_active_tasks")
    return _DAG(dag_id, schedule_interval=schedule, **more)


def _with_context(function):
    """1.10 gives a callable either nothing or the whole context; later versions what its parameters name."""
    wanted = inspect.signature(function).parameters.values()
    everything = any(one.kind is one.VAR_KEYWORD for one in wanted)

    def call(*args, **context):
        names = [one.name for one in list(wanted)[len(args) :]]
        return function(*args, **(context if everything else {n: context[n] for n in names if n in context}))

    return call


def _maker(kind):
    def make(task_id, **more):
        if "trigger_rule" in more:
            more["trigger_rule"] = RULES.get(more["trigger_rule"], more["trigger_rule"])
        if OLD and "python_callable" in more:
            more["python_callable"] = _with_context(more["python_callable"])
            if kind is not _PythonSensor:
                more["provide_context"] = True
        if OLD and _groups:
            task_id = _groups[-1].group_id + "." + task_id
        made = kind(task_id=task_id, **more)
        if OLD and _groups:
            _groups[-1].tasks.append(made)
        return made

    return make


BashOperator, EmptyOperator, PythonOperator, BranchPythonOperator, ShortCircuitOperator, PythonSensor = (
    _maker(kind)
    for kind in (
        _BashOperator, _DummyOperator, _PythonOperator, _BranchPythonOperator, _ShortCircuitOperator, _PythonSensor,
    )
)  # fmt: skip
ExternalTaskSensor = _maker(_ExternalTaskSensor)

if OLD:

    class TaskGroup(object):
        """Tasks side by side whose ids begin with the group's."""

        def __init__(self, group_id):
            self.group_id, self.tasks = group_id, []

        def __enter__(self):
            _groups.append(self)
            return self

        def __exit__(self, *_error):
            _groups.remove(self)

        def __iter__(self):
            return iter(self.tasks)

        def __rshift__(self, other):
            for one in self.tasks:
                one.set_downstream(list(other) if isinstance(other, TaskGroup) else other)
            return other


class _Decorated(object):
    """What `@task` makes of a function: called it becomes a task, `expand` makes one that loops."""

    def __init__(self, function, options):
        self.function, self.options = function, options

    def __call__(self, *args, **named):
        return self._task(args, named, None)

    def expand(self, **mapped):
        (name, values), = mapped.items()
        return self._task((), {}, (name, values))

    def _task(self, args, named, mapped):
        own = set(inspect.signature(self.function).parameters)

        def run(**context):
            def value(given):
                return context["ti"].xcom_pull(task_ids=given.task_id) if hasattr(given, "task_id") else given

            known = {name: context[name] for name in own if name in context}
            known.update({name: value(given) for name, given in named.items()})
            if mapped is None:
                return self.function(*[value(given) for given in args], **known)
            return [self.function(**dict(known, **{mapped[0]: one})) for one in value(mapped[1])]

        made = PythonOperator(task_id=self.function.__name__, python_callable=run, **self.options)
        for given in [*args, *named.values(), *([mapped[1]] if mapped else [])]:
            if hasattr(given, "task_id"):
                made.set_upstream(given)
        return made


def task(function=None, **options):
    """`@task` or `@task(retries=2)`."""
    return _Decorated(function, {}) if function is not None else lambda later: _Decorated(later, options)
