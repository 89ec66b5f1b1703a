"""What route settings-only moves: variables and pools through Airflow's REST API, connections through Secrets Manager.

Values are held in this process's memory only: never in a file, a log line, the journal or an exception's text.
"""
