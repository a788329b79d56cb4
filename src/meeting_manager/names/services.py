"""Giving out document names."""

from django.db import connection

# One statement, so the row lock it takes orders concurrent callers; it rolls back with its transaction, which leaves
# a number unused for the next caller but never uses one twice.
_NEXT = """
    INSERT INTO names_namecounter (prefix, last_number) VALUES (%s, %s)
    ON CONFLICT (prefix) DO UPDATE SET last_number = names_namecounter.last_number + %s
    RETURNING last_number
"""


def next_name(prefix: str) -> str:
    """The next document name behind `prefix`, as in `MM-UAR-jane@x.example-0003`: four digits at least.

    Effects: raises the counter in the caller's transaction, and holds its row until that ends (on PostgreSQL):
    call it late. A number is never given out twice, not even after its record was deleted.
    """
    return next_names(prefix, 1)[0]


def next_names(prefix: str, count: int) -> list[str]:
    """The next `count` (at least one) document names behind `prefix`, in order; as `next_name` in all else."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix, count, count])
        (last,) = cursor.fetchone()
    return [f"{prefix}-{number:04d}" for number in range(last - count + 1, last + 1)]
