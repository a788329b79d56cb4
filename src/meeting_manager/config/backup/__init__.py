"""Backups: one archive with the database, the secrets and the uploads of a site, and a list of what has to be in it."""
