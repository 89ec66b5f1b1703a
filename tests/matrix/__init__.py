"""Every supported pair of Airflow versions, migrated for real and judged by an oracle of its own (`make matrix`)."""
