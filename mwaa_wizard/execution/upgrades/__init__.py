"""One environment changes its Airflow version in place: asked for, followed, looked after, compared."""
