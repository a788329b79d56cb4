"""What a slug may look like: cleaned in Python, enforced by the database."""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler

_NOT_ALLOWED = re.compile(r"[^a-z0-9-]+")
_HYPHENS = re.compile(r"-{2,}")


def clean_slug(text: str) -> str:
    """The slug in `text`: lower case, spaces to hyphens, only a-z, 0-9 and single inner hyphens; may come out empty."""
    hyphenated = re.sub(r"\s+", "-", text.strip().lower())
    return _HYPHENS.sub("-", _NOT_ALLOWED.sub("", hyphenated)).strip("-")


class IsSlug(Func):
    """A condition for check constraints: the column holds a clean slug (system.md §2)."""

    arity = 1
    output_field = BooleanField()
    template = "%(expressions)s ~ '^[a-z0-9]+(-[a-z0-9]+)*$'"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """SQLite has no regular expressions of its own, GLOB says the same."""
        forbidden = ("*[^a-z0-9-]*", "-*", "*-", "*--*", "")
        template = " AND ".join(f"%(expressions)s NOT GLOB '{pattern}'" for pattern in forbidden)
        return super().as_sql(compiler, connection, template=f"({template})", **extra)
