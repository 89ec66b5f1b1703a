"""Torture data: a real metadata database of any Airflow, filled with values that are easy to spoil."""
