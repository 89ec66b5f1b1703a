"""What every front-end shares: the pages, what each asks, the look-ups behind them, the state of a run. No widgets."""
