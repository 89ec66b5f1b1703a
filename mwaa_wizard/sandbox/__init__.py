"""A local AWS with real Airflow behind its MWAA: loopback only, one daemon, one data folder."""
