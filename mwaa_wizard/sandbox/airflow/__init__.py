"""Real Apache Airflow for the sandbox: installed, supervised and fed from S3 on this machine."""
