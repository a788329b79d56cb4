"""Document names, the counters behind them, and slugs."""
