"""Giving out document names."""

from django.db import connection

# One statement, so the row lock it takes orders concurrent callers; it rolls back with its transaction, which leaves
# a number unused for the next caller but never uses one twice.
_NEXT = """
    INSERT INTO names_namecounter (prefix, last_number) VALUES (%s, 1)
    ON CONFLICT (prefix) DO UPDATE SET last_number = names_namecounter.last_number + 1
    RETURNING last_number
"""


def next_name(prefix: str) -> str:
    """The next document name behind `prefix`, as in `MM-UAR-jane@x.example-0003`: four digits at least.

    Effects: raises the counter in the caller's transaction, and holds its row until that ends (on PostgreSQL):
    call it late. A number is never given out twice, not even after its record was deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix])
        (number,) = cursor.fetchone()
    return f"{prefix}-{number:04d}"
