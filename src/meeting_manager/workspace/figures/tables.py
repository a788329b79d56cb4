"""Each figure as a table: what pages show beside the pictures, and what files hold."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from meeting_manager.analytics.queries.totals import cancellation_rate, made, no_show_rate
from meeting_manager.workspace.figures import words

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Cell(NamedTuple):
    """What is read, what a file says instead, and where the bookings behind it are; `notes` are further lines below,
    and `is_text` says that it is no number."""

    text: str
    raw: str | int | float | None = None
    href: str = ""
    notes: Sequence[str] = ()
    is_text: bool = False


class Meter(NamedTuple):
    """A bar of `width`, with a mark at `target` where there is one; both as percentages that SVG understands."""

    width: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `meter` draws its main number."""

    head: Cell
    cells: Sequence[Cell]
    meter: Meter | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A figure by its name in addresses. `columns` are the heads of all columns, the first that of the rows."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row] = field(default=())
    note: str = ""
    is_wide: bool = False

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, Cell]]]]:
        """The rows, each with its cells beside the heads of their columns."""
        return [(row, list(zip(self.columns[1:], row.cells, strict=True))) for row in self.rows]


def written(table: Table) -> str:
    """The table as a file of comma-separated values. Text that a spreadsheet would calculate is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_harmless(cell.text if cell.raw is None else cell.raw) for cell in (row.head, *row.cells)])
    return out.getvalue()


def meter(value: float, largest: float, target: float | None = None) -> Meter:
    """A bar whose whole width stands for `largest`."""
    whole = largest or 1
    return Meter(svg(100 * value / whole), "" if target is None else svg(100 * target / whole))


def svg(share: float) -> str:
    """A percentage as SVG writes it, whatever the reader's language."""
    return f"{share:.2f}%"


def count(value: int, href: str) -> Cell:
    """A number of bookings; nothing leads nowhere."""
    return Cell(words.number(value), value, href if value else "")


def outcome_columns() -> list[str]:
    """The heads over `outcomes`."""
    return [_("Bookings"), _("Cancelled"), _("No-shows")]


def outcomes(statuses: Counter[str], hrefs: Sequence[str]) -> list[Cell]:
    """How many bookings, and the rates of what went wrong; `hrefs` lead to all, the cancelled and the missed."""
    everything, cancelled, missed = hrefs
    return [
        count(made(statuses), everything),
        _rate(cancellation_rate(statuses), cancelled),
        _rate(no_show_rate(statuses), missed),
    ]


def _rate(part: float | None, href: str) -> Cell:
    return Cell(words.percent(part), "" if part is None else part, href if part else "")


def _harmless(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
