"""What travels: the table catalogue, the bundle's layout, and the DAG files that read and write it."""
