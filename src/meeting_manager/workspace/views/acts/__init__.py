"""The pages on which staff do something to one booking."""
