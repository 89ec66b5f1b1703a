"""Seeded variables, connections and pools; two values are canaries that tests look for in every wrong place."""

from __future__ import annotations

from typing import Any

#: Value of the variable `reporting_api_token`.
CANARY_VARIABLE = "canary-var-7Qm2xV9tLw4RzB8k"
#: Password of the connection `warehouse_postgres`.
CANARY_CONNECTION = "canary-conn-H3nT6yPd1JcE5sKu"

#: Strings that must appear nowhere but in the environments' databases, encrypted.
CANARIES: tuple[str, ...] = (CANARY_VARIABLE, CANARY_CONNECTION)

#: key, value, description.  Airflow's own masker calls keys with token, secret, password ... sensitive.
VARIABLES: tuple[tuple[str, str, str | None], ...] = (
    ("reporting_api_token", CANARY_VARIABLE, "Token of the reporting service"),
    ("slack_webhook_secret", "T0000000/B0000000/made-up%2Fvalue", "Alert channel"),
    ("sftp_passphrase", "correct horse % battery 'staple' \"quoted\"", None),
    ("environment", "production", "Which stage this is"),
    ("data_bucket", "analytics-prod-data", None),
    ("feature_flags", '{"new_mart": true, "gpu": false, "rollout": 0.25, "regions": ["emea", "apac"]}', "JSON"),
    ("partition_map", '{"orders": {"column": "ordered_at", "days": 3}, "取引": {"column": "日付", "days": 7}}', None),
    ("挨拶", "こんにちは、世界", "日本語のキーと値"),
    ("currency_symbols", "€ £ ¥ ₹ – naïve café ☕", None),
    ("empty_by_design", "", "Must stay empty, not NULL"),
    ("sql_template", "select *\nfrom orders\nwhere ordered_at >= '{{ ds }}' and rate like '9%'\n", "Has newlines"),
    ("windows_path", "C:\\exports\\daily\\new", None),
    ("csv_hostile", 'a,"b""c",\\N,;\t|end', "Everything a CSV writer can get wrong"),
    ("max_parallel_exports", "4", None),
    ("long_text", "Lorem ipsum 山 " * 400, "About six thousand characters"),
)

#: Keyword arguments of Airflow's Connection model; extra is a dictionary here.
CONNECTIONS: tuple[dict[str, Any], ...] = (
    {"conn_id": "warehouse_postgres", "conn_type": "postgres", "host": "warehouse.internal.example", "port": 5432,
     "schema": "analytics", "login": "airflow", "password": CANARY_CONNECTION,
     "extra": {"sslmode": "require", "options": "-c statement_timeout=5min", "application_name": "airflow 100%"},
     "description": "The warehouse"},
    {"conn_id": "orders_mysql", "conn_type": "mysql", "host": "orders.internal.example", "port": 3306, "schema": "shop",
     "login": "reader", "password": "p@ss/w:rd#1%&=?", "extra": {"charset": "utf8mb4"}, "description": None},
    {"conn_id": "payments_http", "conn_type": "http", "host": "https://payments.example/api%20v2", "login": "svc",
     "password": "a%%b%s%(c)d", "extra": {"X-Api-Key": "k-%7B42%7D", "timeout": 30}, "description": "Percent signs"},
    {"conn_id": "partner_sftp_jp", "conn_type": "sftp", "host": "sftp.partner.example", "port": 22, "login": "山田",
     "password": "パスワード123", "extra": {"key_file": "/usr/local/airflow/keys/id", "備考": "夜間のみ"},
     "description": "取引先のサーバー"},
    {"conn_id": "aws_analytics", "conn_type": "aws", "login": "AKIAEXAMPLEEXAMPLE00", "password": "made/up+secret==",
     "extra": {"region_name": "us-east-1", "role_arn": "arn:aws:iam::111122223333:role/reader"}, "description": None},
    {"conn_id": "slack_alerts", "conn_type": "slackwebhook", "host": "https://hooks.slack.example/services",
     "password": "T0/B0/zzz", "extra": {}, "description": "No extra"},
    {"conn_id": "smtp_reports", "conn_type": "email", "host": "smtp.example", "port": 587, "login": "reports",
     "password": "", "extra": None, "description": "Empty password"},
    {"conn_id": "legacy_hive", "conn_type": "hiveserver2", "host": "hive.internal.example", "port": 10000,
     "schema": "default", "login": "hive", "password": None, "extra": None, "description": "No password"},
    {"conn_id": "feature_redis", "conn_type": "redis", "host": "redis.internal.example", "port": 6379,
     "password": "line\nbreak\tand tab", "extra": {"db": 3, "ssl": True}, "description": None},
    {"conn_id": "gcp_marketing", "conn_type": "google_cloud_platform",
     "extra": {"project": "marketing", "keyfile_dict": {"type": "account", "private_key": "BEGIN\nmade up\nEND"}},
     "description": "Nested JSON in extra"},
)  # fmt: skip

#: name, slots, description.  Airflow itself makes default_pool.
POOLS: tuple[tuple[str, int, str], ...] = (
    ("warehouse", 12, "Sessions on the warehouse"),
    ("source_db", 4, "Be gentle with the shop's database"),
    ("payments_api", 3, "Rate limited: 3 at once, 100% of our quota"),
    ("gpu", 2, "学習用 GPU"),
    ("maintenance", 1, ""),
)
