"""Deliveries: what the system owes the outside world, one row for each effect."""
