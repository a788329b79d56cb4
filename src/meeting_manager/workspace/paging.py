"""Lists a page at a time, without counting what is not shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.http import HttpRequest, QueryDict

PER_PAGE = 50
_LONGEST_NUMBER = 5

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Rows(Protocol[T_co]):
    """A list or a QuerySet."""

    def __getitem__(self, at: slice, /) -> Iterable[T_co]: ...


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the queries of the addresses of the pages around; empty where there is none."""

    rows: Sequence[T]
    before: str = ""
    after: str = ""


def page_of(request: HttpRequest, rows: Rows[T], per_page: int = PER_PAGE) -> Page[T]:
    """The page that `page` of the query asks for, from 1; the first for whatever is no page."""
    number = _number(request.GET.get("page", ""))
    first = (number - 1) * per_page
    found = list(rows[first : first + per_page + 1])
    return Page(
        rows=found[:per_page],
        before=_query(request.GET, number - 1) if number > 1 else "",
        after=_query(request.GET, number + 1) if len(found) > per_page else "",
    )


def _number(given: str) -> int:
    is_number = given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER
    return max(int(given), 1) if is_number else 1


def _query(asked: QueryDict, number: int) -> str:
    query = asked.copy()
    query["page"] = str(number)
    return query.urlencode()
