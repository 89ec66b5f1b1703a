"""What an environment is fed from: its bucket, DAG files, requirements, plugins and startup script."""
