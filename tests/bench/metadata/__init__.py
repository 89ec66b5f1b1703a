"""Export and import of metadata by us, by `mwaa-dr`, and by PostgreSQL's own programs, side by side."""
