"""What a doctype is here: who sees which rows, what is shown of them, what may be asked, and the services behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, Q, QuerySet

from meeting_manager.api.frappe.wire import naive
from meeting_manager.people.models import User

Json = dict[str, Any]

_NEITHER = Q(pk__in=[])


def _everything(_: User) -> Q:
    return ~_NEITHER


def _nothing_more(_: Any) -> Json:  # noqa: ANN401 - a row of any model
    return {}


@dataclass(frozen=True)
class Doctype:
    """One kind of document. `shape` makes JSON of a row, child tables included, without reading more than `rows` has
    fetched; a record that its reader sees in part lacks the other fields.
    """

    name: str
    rows: Callable[[User], QuerySet[Any]]
    """What `reader` may see, with everything that `shape` needs."""

    shape: Callable[[User], Callable[[Any], Json]]
    columns: Mapping[str, str]
    """The fields that may be filtered and sorted by, each with its path in the ORM."""

    unsorted: Sequence[str] = ()
    """Fields that are shown, but by which nothing can be found."""

    tables: Mapping[str, str] = field(default_factory=dict)
    """Child tables, each with its own doctype; they are in a document, and never in a list."""

    more: Callable[[Any], Json] = _nothing_more
    """What only a single document shows besides, by further queries."""

    only_single: Sequence[str] = ()
    """Fields of `shape` that lists leave out."""

    open_columns: frozenset[str] | None = None
    """The columns that everybody who sees a row sees; None: all. Whoever asks by another gets only rows of `own`."""

    own: Callable[[User], Q] = _everything
    """The rows that `reader` sees whole."""

    create: Callable[[User, Json], Model] | None = None
    update: Callable[[User, Any, Json], Model] | None = None
    delete: Callable[[User, Any], None] | None = None

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Everything that a list can show."""
        return (*self.columns, *self.unsorted)

    def listed(self, reader: User) -> Callable[[Any], Json]:
        """A row of a list as JSON in Frappe's form; what its reader may not see is null."""
        shape = self.shape(reader)
        return lambda row: {**dict.fromkeys(self.fields), **self._own_fields(naive(shape(row)))}

    def document(self, reader: User, row: Model) -> Json:
        """A single document with its child tables, as Frappe tells it."""
        shown = naive({**self.shape(reader)(row), **self.more(row)})
        for table, doctype in self.tables.items():
            rows = shown.get(table) or []
            shown[table] = [{"doctype": doctype, "idx": place, **one} for place, one in enumerate(rows, start=1)]
        return {"doctype": self.name, **shown}

    def get(self, reader: User, name: str) -> Any:  # noqa: ANN401 - a row of any model
        """The row with this document name. Raises the model's DoesNotExist, also where it is not visible."""
        return self.rows(reader).get(**{self.columns["name"]: name})

    def field_behind(self, column: str, model: type[Model]) -> "Field[Any, Any]":
        """The database field of a column: it says what values can be compared with it."""
        found: Any = None
        for part in self.columns[column].split("__"):
            found = model._meta.get_field("id" if part == "pk" else part)
            model = found.related_model or model
        return found  # type: ignore[no-any-return] # no column ends in a relation

    def require(self, what: str) -> Callable[..., Any]:
        """The service for `what` (create, update, delete). Raises PermissionDenied where the system does that."""
        service: Callable[..., Any] | None = getattr(self, what)
        if service is None:
            raise PermissionDenied(f"Documents of {self.name} are kept by the system: there is no {what} here.")
        return service

    def _own_fields(self, shown: Json) -> Json:
        left_out = {*self.tables, *self.only_single}
        return {key: value for key, value in shown.items() if key not in left_out}
