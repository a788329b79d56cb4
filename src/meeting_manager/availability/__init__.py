"""Stored working hours, availability rules and date overrides."""
