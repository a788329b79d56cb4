"""What the pages do; each reads the clock once and asks queries and services for the rest."""
