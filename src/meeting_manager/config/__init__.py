"""Settings from the environment, wiring, and the command line."""
