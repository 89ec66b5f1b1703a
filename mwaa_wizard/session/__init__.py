"""What the user decided: the session model, its store (atomic, locked, versioned), its migrations."""
