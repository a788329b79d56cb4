"""The guest pages, a file for each step."""
