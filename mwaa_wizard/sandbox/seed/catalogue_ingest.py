"""The ingestion half of the seeded company: what brings data in."""

from __future__ import annotations

from mwaa_wizard.sandbox.seed.schedule import daily, hourly, weekdays
from mwaa_wizard.sandbox.seed.shape import Dag, Task, bash, empty, python, taskflow

_REGIONS = ("emea", "amer", "apac")

INGEST_ORDERS = Dag(
    "ingest_orders",
    "ingest_orders.py",
    daily(1, 15),
    owner="commerce",
    tasks=(
        Task("wait_for_export", "PythonSensor", seconds=40, fails=0.01, retries=2, pool="source_db"),
        taskflow(
            "list_partitions",
            "wait_for_export",
            retries=2,
            returns=lambda n: [f"part-{i:03d}" for i in range(n % 6 + 4)],
        ),
        taskflow(
            "load_partition", "list_partitions", seconds=25, fails=0.04, retries=2, mapped=(10, 18), pool="warehouse"
        ),
        taskflow("reconcile", "load_partition", seconds=9),
        empty("published", "reconcile"),
    ),
)

INGEST_CUSTOMERS = Dag(
    "ingest_customers",
    "ingest_customers.py",
    daily(1, 40),
    owner="commerce",
    tasks=(
        empty("start"),
        *(
            python(f"extract.{name}", "start", seconds=18, fails=0.03, retries=2, pool="source_db")
            for name in ("crm", "billing", "support")
        ),
        python(
            "merge",
            "extract.crm",
            "extract.billing",
            "extract.support",
            seconds=33,
            returns=lambda n: {"rows": 120_000 + n, "duplicates": n % 17},
        ),
        *(
            python(f"quality.{name}", "merge", seconds=7, fails=0.012, retries=0)
            for name in ("nulls", "duplicates", "freshness")
        ),
        bash("load", "quality.nulls", "quality.duplicates", "quality.freshness", seconds=21, pool="warehouse"),
        empty("end", "load"),
    ),
)

INGEST_PAYMENTS = Dag(
    "ingest_payments",
    "ingest_payments.py",
    daily(2, 5),
    owner="finance-data",
    catchup=True,
    tasks=(
        python("open_window", seconds=4, returns=lambda n: {"window": n, "currency": "JPY", "note": "締め処理"}),
        python("fetch_settlements", "open_window", seconds=48, fails=0.09, retries=3, pool="payments_api"),
        python("fetch_refunds", "open_window", seconds=31, fails=0.06, retries=3, pool="payments_api"),
        python("fetch_chargebacks", "open_window", seconds=15, fails=0.03, retries=3, pool="payments_api"),
        python("match", "fetch_settlements", "fetch_refunds", "fetch_chargebacks", seconds=27),
        bash("archive_raw", "match", seconds=6),
        python("load_ledger", "match", seconds=19, pool="warehouse"),
        python("report_unmatched", "match", seconds=3, rule="all_done"),
        empty("closed", "archive_raw", "load_ledger"),
    ),
)

INVENTORY = Dag(
    "inventory_snapshot_hourly",
    "inventory_snapshot_hourly.py",
    hourly(5),
    owner="supply",
    days=12,
    log_days=1,
    tasks=(
        python("read_stock", seconds=8, fails=0.02, returns=lambda n: {"warehouse": "TYO-1", "items": 4000 + n}),
        python("diff_previous", "read_stock", seconds=3),
        bash("store_snapshot", "diff_previous", seconds=4),
        Task(
            "alert_low_stock",
            "ShortCircuitOperator",
            ("diff_previous",),
            seconds=1,
            skips=0.85,
            branches=(("send_alert", 1.0),),
        ),
        python("send_alert", "alert_low_stock", seconds=1),
    ),
)

WEB_EVENTS = Dag(
    "web_events_compaction",
    "web_events_compaction.py",
    hourly(0, every=6),
    owner="web-analytics",
    days=60,
    log_days=1,
    tasks=(
        taskflow("list_shards", returns=lambda n: list(range(n % 4 + 4))),
        taskflow("compact", "list_shards", seconds=55, fails=0.03, retries=2, mapped=(8, 14), pool="warehouse"),
        taskflow("drop_small_files", "compact", seconds=12),
        bash("refresh_statistics", "drop_small_files", seconds=5),
    ),
)

FX_RATES = Dag(
    "finance_fx_rates",
    "finance_fx_rates.py",
    weekdays(6),
    owner="finance-data",
    tasks=(
        python(
            "download_rates",
            seconds=5,
            fails=0.08,
            retries=4,
            pool="payments_api",
            returns=lambda n: {"EUR/USD": 1.05 + n % 7 / 100, "USD/JPY": 149.1},
        ),
        python("validate", "download_rates", seconds=2, fails=0.02, retries=0),
        python("store", "validate", seconds=3),
        bash("notify_treasury", "store", seconds=1, fails=0.0),
    ),
)

PARTNER_FEED = Dag(  # 06:00 in Asia/Tokyo is 21:00 UTC of the day before; Japan has no summer time
    "partner_feed_jp",
    "partner_feed_jp.py",
    daily(21),
    owner="tokyo-data",
    tasks=(
        empty("開始"),
        python(
            "fetch_catalogue",
            "開始",
            seconds=22,
            fails=0.05,
            retries=2,
            returns=lambda n: {"取引先": "山田商店", "件数": n},
        ),
        python("convert_encoding", "fetch_catalogue", seconds=9),
        *(
            python(f"load_{name}", "convert_encoding", seconds=14, pool="warehouse")
            for name in ("products", "prices", "stock")
        ),
        python("check_totals", "load_products", "load_prices", "load_stock", seconds=4, fails=0.02, retries=0),
        bash("acknowledge", "check_totals", seconds=2),
        empty("終了", "acknowledge"),
    ),
)

REGION_EXPORTS = tuple(
    Dag(
        f"export_region_{region}",
        "export_regions.py",
        daily(5),
        owner="commerce",
        log_days=4,
        tasks=(
            empty("begin"),
            *(
                python(f"export_{name}", "begin", seconds=16, fails=0.015, retries=1, pool="warehouse")
                for name in ("orders", "returns", "stock", "prices", "invoices")
            ),
            python(
                "compress",
                *(f"export_{name}" for name in ("orders", "returns", "stock", "prices", "invoices")),
                seconds=8,
                returns=lambda n: {"bytes": 10_000_000 + 37 * n},
            ),
            bash("upload", "compress", seconds=20, fails=0.03, retries=2),
            python("verify_upload", "upload", seconds=3),
            empty("finish", "verify_upload", rule="all_done"),
        ),
    )
    for region in _REGIONS
)

INGEST = (
    INGEST_ORDERS,
    INGEST_CUSTOMERS,
    INGEST_PAYMENTS,
    INVENTORY,
    WEB_EVENTS,
    FX_RATES,
    PARTNER_FEED,
    *REGION_EXPORTS,
)
