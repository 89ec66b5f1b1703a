"""The Textual front-end: edits the session, shows the run's events, decides nothing by itself."""
