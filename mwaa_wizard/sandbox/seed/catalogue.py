"""The catalogue of seeded DAGs: the analytics half, and ``CATALOGUE``, all of them."""

from __future__ import annotations

from datetime import UTC, datetime

from mwaa_wizard.sandbox.seed.catalogue_ingest import INGEST
from mwaa_wizard.sandbox.seed.schedule import MANUAL, Schedule, daily, hourly, monthly, weekly
from mwaa_wizard.sandbox.seed.shape import Dag, Task, bash, chain, empty, python, taskflow

_SALES = (
    Task("wait_for_orders", "ExternalTaskSensor", seconds=30, fails=0.01, retries=1),
    *(
        python(f"dimensions.{name}", "wait_for_orders", seconds=11)
        for name in ("customer", "product", "store", "calendar")
    ),
    *(
        python(
            f"facts.{name}",
            *(f"dimensions.{d}" for d in ("customer", "product", "store", "calendar")),
            seconds=44,
            fails=0.015,
            retries=2,
            pool="warehouse",
        )
        for name in ("sales", "returns", "margin")
    ),
    python(
        "aggregate",
        "facts.sales",
        "facts.returns",
        "facts.margin",
        seconds=36,
        sla_seconds=600,
        returns=lambda n: {"rows": 88_000 + n, "rate": "97%"},
    ),
    bash("grant_access", "aggregate", seconds=2),
    bash("refresh_dashboards", "aggregate", seconds=10, fails=0.03, retries=2),
    empty("done", "grant_access", "refresh_dashboards"),
)

_ATTRIBUTION = (
    python("choose_window", seconds=2, returns=lambda n: "full" if n % 7 == 0 else "incremental"),
    Task(
        "choose_mode",
        "BranchPythonOperator",
        ("choose_window",),
        seconds=1,
        branches=(("full_rebuild", 0.15), ("incremental", 0.85)),
    ),
    python("full_rebuild", "choose_mode", seconds=160, fails=0.03, retries=1, pool="warehouse"),
    python("incremental", "choose_mode", seconds=25, pool="warehouse"),
    empty("joined", "full_rebuild", "incremental", rule="none_failed_min_one_success"),
    *(
        python(f"score_{channel}", "joined", seconds=12, fails=0.015)
        for channel in ("search", "social", "email", "display")
    ),
    python("combine", "score_search", "score_social", "score_email", "score_display", seconds=9),
    bash("publish", "combine", seconds=3),
)

_FEATURES = (
    Task("enough_new_data", "ShortCircuitOperator", seconds=2, skips=0.08, branches=(("snapshot", 1.0),)),
    python("snapshot", "enough_new_data", seconds=20),
    *(
        python(f"features.{name}", "snapshot", seconds=41, fails=0.02, retries=1, pool="gpu", queue="ml")
        for name in ("recency", "frequency", "monetary", "basket", "session", "support")
    ),
    python(
        "join_features",
        *(f"features.{n}" for n in ("recency", "frequency", "monetary", "basket", "session", "support")),
        seconds=15,
        queue="ml",
        returns=lambda n: {"features": 214, "drift": round(n % 100 / 1000, 3)},
    ),
    python("detect_drift", "join_features", seconds=6, fails=0.02, retries=0, queue="ml"),
    bash("write_store", "join_features", seconds=8),
)

_REPORT = (
    empty("start"),
    *(
        python(f"section_{name}", "start", seconds=28, fails=0.02, sla_seconds=40)
        for name in ("revenue", "growth", "churn", "support", "hiring")
    ),
    python(
        "render",
        *(f"section_{n}" for n in ("revenue", "growth", "churn", "support", "hiring")),
        seconds=14,
        returns=lambda n: {"pages": 12 + n % 5, "タイトル": "週次報告"},
    ),
    bash("mail", "render", seconds=2, fails=0.04, retries=2),
    python("on_any_failure", "render", "mail", seconds=1, rule="one_failed", fails=0.0),
)

_TRAINING = (
    python("build_dataset", seconds=240, retries=1, queue="ml"),
    taskflow("candidates", "build_dataset", returns=lambda n: [{"depth": d, "seed": n} for d in range(3, 7)]),
    taskflow("train", "candidates", seconds=900, fails=0.08, retries=2, mapped=(3, 6), pool="gpu", queue="ml"),
    taskflow("pick_best", "train", seconds=5, returns=lambda n: {"auc": 0.8 + n % 9 / 100}),
    bash("register", "pick_best", seconds=3),
)

_BILLING = chain(
    python("freeze_usage", seconds=60),
    python("rate_usage", seconds=300, fails=0.04, retries=2, pool="warehouse"),
    python("apply_discounts", seconds=45),
    python("make_invoices", seconds=120, returns=lambda n: {"invoices": 900 + n}),
    bash("sign", seconds=10),
    bash("hand_over", seconds=8, fails=0.1, retries=3),
    empty("billed"),
)

_MAINTENANCE = (
    bash("vacuum_marts", seconds=400, pool="maintenance"),
    bash("vacuum_raw", seconds=600, fails=0.05, pool="maintenance"),
    python("drop_expired_tables", "vacuum_marts", "vacuum_raw", seconds=30, pool="maintenance"),
    bash("analyze", "drop_expired_tables", seconds=200, pool="maintenance"),
    python("rotate_snapshots", "analyze", seconds=20),
    empty("maintained", "rotate_snapshots"),
)

_HADOOP = (
    bash("kinit", seconds=2, fails=0.02),
    *(bash(f"distcp_{n}", "kinit", seconds=180, fails=0.06, retries=2) for n in ("clicks", "carts", "logs", "ads")),
    python(
        "compare_counts",
        "distcp_clicks",
        "distcp_carts",
        "distcp_logs",
        "distcp_ads",
        seconds=20,
        fails=0.05,
        retries=0,
    ),
    bash("register_partitions", "compare_counts", seconds=6),
    empty("synced", "register_partitions"),
)

_QUALITY = (
    python("collect_checks", seconds=2, returns=lambda n: ["volume", "nulls", "range", "freshness", "schema", "lag"]),
    *(
        python(f"check.{name}", "collect_checks", seconds=4, fails=0.03, retries=0)
        for name in ("volume", "nulls", "range", "freshness", "schema", "lag")
    ),
    python(
        "summarise",
        *(f"check.{n}" for n in ("volume", "nulls", "range", "freshness", "schema", "lag")),
        seconds=1,
        rule="all_done",
    ),
    bash("page_on_call", "summarise", seconds=1),
)

ANALYTICS = (
    Dag("daily_sales_mart", "daily_sales_mart.py", daily(3, 30), _SALES, owner="analytics"),
    Dag("marketing_attribution", "marketing_attribution.py", daily(4), _ATTRIBUTION, owner="marketing", log_days=6),
    Dag("ml_feature_refresh", "ml_feature_refresh.py", daily(0, 30), _FEATURES, owner="ml", log_days=5),
    Dag(
        "log_retention",
        "log_retention.py",
        daily(23),
        chain(
            python("find_old_objects", seconds=5, returns=lambda n: {"objects": n % 400}),
            taskflow("delete_batch", mapped=(6, 12), seconds=3, fails=0.01),
            bash("report", seconds=1),
        ),
        owner="platform",
    ),
    Dag("weekly_executive_report", "weekly_executive_report.py", weekly(0, 6), _REPORT, owner="analytics"),
    Dag("ml_churn_training", "ml_churn_training.py", weekly(5, 4), _TRAINING, owner="ml"),
    Dag("warehouse_maintenance", "warehouse_maintenance.py", weekly(6, 2), _MAINTENANCE, owner="platform"),
    Dag("monthly_billing_export", "monthly_billing_export.py", monthly(3), _BILLING, owner="finance-data"),
    Dag(
        "legacy_hadoop_sync",
        "legacy_hadoop_sync.py",
        hourly(0, every=6),
        _HADOOP,
        owner="platform",
        paused=True,
        days=45,
        ended_days_ago=26,
        stale_backfill=True,
    ),
    Dag(
        "data_quality_monitor",
        "data_quality_monitor.py",
        hourly(35),
        _QUALITY,
        owner="data-platform",
        paused=True,
        days=5,
        ended_days_ago=20,
    ),
    Dag(
        "bootstrap_reference_data",
        "bootstrap_reference_data.py",
        Schedule("once", once_at=datetime(2024, 3, 1, tzinfo=UTC)),
        chain(python("countries", seconds=9), python("currencies", seconds=4), bash("holidays", seconds=3)),
        owner="platform",
    ),
    Dag(
        "backfill_partitions",
        "backfill_partitions.py",
        MANUAL,
        (
            taskflow("plan_partitions", returns=lambda n: [f"dt={i}" for i in range(n % 8 + 2)]),
            taskflow("rebuild", "plan_partitions", seconds=70, fails=0.05, retries=2, mapped=(2, 9), pool="warehouse"),
            taskflow("summarise", "rebuild", rule="all_done"),
        ),
        manual_runs=32,
        confs=(
            {"table": "orders", "days": 7},
            {"table": "payments", "days": 31, "force": True},
            {"table": "web_events", "where": "country = 'JP' and rate > 5%"},
        ),
        notes=("Re-run after the vendor's late delivery", "顧客からの依頼による再計算"),
    ),
    Dag(
        "rebuild_search_index",
        "rebuild_search_index.py",
        MANUAL,
        chain(
            python("dump_documents", seconds=130, returns=lambda n: {"documents": 2_000_000 + n}),
            bash("build_index", seconds=420, fails=0.07, retries=1),
            bash("swap_alias", seconds=2),
            python("warm_cache", seconds=40),
        ),
        owner="search",
        manual_runs=22,
        confs=({}, {"analyzer": "kuromoji", "synonyms": ["東京", "Tokyo"]}),
        notes=("New analyser for the Japanese shop",),
    ),
    Dag(
        "gdpr_erasure_request",
        "gdpr_erasure_request.py",
        MANUAL,
        (
            python("find_subject", seconds=5, returns=lambda n: {"subject": n, "systems": ["crm", "billing"]}),
            *(
                python(f"erase.{name}", "find_subject", seconds=8, fails=0.03, retries=3)
                for name in ("crm", "billing", "warehouse")
            ),
            python("certificate", "erase.crm", "erase.billing", "erase.warehouse", seconds=2),
        ),
        owner="legal",
        manual_runs=24,
        confs=(
            {"subject": "c-19388", "requested_by": "privacy@example.com"},
            {"subject": "c-77120", "name": "José Núñez", "reason": "契約終了"},
        ),
        notes=("Ticket PRIV-311", "Ticket PRIV-318: second system answered late"),
    ),
    Dag(
        "adhoc_data_fix",
        "adhoc_data_fix.py",
        MANUAL,
        chain(python("dry_run", seconds=10, fails=0.1, retries=0), python("apply", seconds=20, fails=0.05, retries=0)),
        owner="data-platform",
        paused=True,
        manual_runs=9,
        confs=({"sql": "update t set a = 1 where b = '100%'", "dry_run": True}, {}),
    ),
)

#: All seeded DAGs, ingestion first.
CATALOGUE: tuple[Dag, ...] = (*INGEST, *ANALYTICS)
