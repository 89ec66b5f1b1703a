"""Batches of DAGs handed from the source to the target: paused there, drained, unpaused here; and taken back."""
