"""Demo data: two departments at work, made only with the services that users use, and taken away again."""
