"""The MWAA API and each environment's web front, in front of real Airflow processes."""
