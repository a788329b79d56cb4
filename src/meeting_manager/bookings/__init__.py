"""The booking, its people, its history, and everything that may happen to it."""
