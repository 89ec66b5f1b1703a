"""Plan, runner, journal, events: a session becomes ordered steps, and the journal proves what each one did."""
