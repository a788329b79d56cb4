"""The doctypes, by subject."""
