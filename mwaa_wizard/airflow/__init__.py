"""Driving a live Airflow from outside: its REST API through MWAA, its CLI endpoint, our DAG runs in it."""
