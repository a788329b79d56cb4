"""The columns of the list: all that there are, and those that are shown unless others were chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """`order` is the order (orders.py) that its head asks for, empty where there is none."""

    key: str
    label: str | Promise
    order: str = ""


_ALL = (
    Column("start", _("When"), "start"),
    Column("customer", _("Customer"), "customer"),
    Column("type", _("Type")),
    Column("hosts", _("Hosts")),
    Column("status", _("Status"), "status"),
    Column("title", _("Title")),
    Column("department", _("Department")),
    Column("reference", _("Reference")),
    Column("email", _("E-mail")),
    Column("phone", _("Phone")),
    Column("place", _("Where")),
    Column("source", _("Made by")),
    Column("made", _("Made"), "made"),
)
COLUMNS: Mapping[str, Column] = {column.key: column for column in _ALL}
USUAL = ("start", "customer", "type", "hosts", "status")


def columns_of(chosen: Sequence[str]) -> list[Column]:
    """The chosen columns, in their usual order; the usual ones where none is."""
    return [column for column in _ALL if column.key in (chosen or USUAL)]
