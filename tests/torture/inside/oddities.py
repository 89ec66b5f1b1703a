"""What older Airflows let happen and newer schemas forbid: rows nothing refers to, names that stand twice, no names."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import values
from history import Run
from writer import RELEASE


def fill(history):
    """The oddities this version's schema allows."""
    writer, rng = history.writer, history.rng
    dag_id = history.dag_names()[0]
    if "execution_date" in writer.columns("task_instance"):  # no foreign key to the run
        lost = Run(None, dag_id, None, values.moment(9500, rng), None)
        for n, task_id in enumerate(("lost one", "lost \n two")):
            history.task(lost, task_id, "success", 20 + n)
        writer.flush()
        nameless = history.run(dag_id, 1, values.moment(9501, rng), "success", name=(None, "manual", True))
        history.task(nameless, "extract", "success", 33)
        writer.flush()
    if "execution_date" in writer.columns("xcom"):  # an xcom whose task instance was deleted
        run = history.run(dag_id, 3, values.moment(9502, rng), "success")
        writer.flush()
        writer.add("xcom", key="left", value=b'"behind"', timestamp=run.date, **run.key("gone"))
        writer.add("task_fail", start_date=run.date, end_date=run.date, duration=1, **run.key("gone"))
        writer.flush()
    if RELEASE < (2, 0):
        run = history.run(dag_id, 10, values.moment(9503, rng), "success")
        history.task(run, "extract", "success", 22, pool_slots=None)
        writer.flush()
        when = values.moment(9504, rng)
        for number, (key, stamp) in enumerate((
            ("twice", when), ("twice", when), ("twice", when.replace(year=2023)), (None, when),
        )):
            writer.add("xcom", key=key, value=b'"value %d"' % number, timestamp=stamp, **run.key("extract"))
        writer.flush()
        for conn_id, kind, host in (
            ("twice", "mysql", "first"), ("twice", "postgres", "second"), ("no type", None, "h"), (None, "http", "nameless"),
        ):
            writer.session.execute(writer._text(
                "INSERT INTO connection (conn_id, conn_type, host, is_encrypted, is_extra_encrypted)"
                " VALUES (:c, :k, :h, false, false)"), {"c": conn_id, "k": kind, "h": host})
