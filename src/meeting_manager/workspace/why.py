"""Why a time is not offered, in words: for each member the rules that refuse, and what would have to change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting_manager.bookings import when
from meeting_manager.bookings.remedies import Answer
from meeting_manager.engine.changes import Change, ChangeKind
from meeting_manager.engine.refusals import RefusalCode
from meeting_manager.engine.weekly import format_clock
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account

_OF_WEEK = {
    ChangeKind.BREAK_BEGINS,
    ChangeKind.BREAK_ENDS,
    ChangeKind.BREAK_GOES,
    ChangeKind.DAY_BEGINS,
    ChangeKind.DAY_ENDS,
    ChangeKind.DAY_OPENS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One member: whether they are free, which rules refuse, which changes would open it, and where to make them."""

    name: str
    is_free: bool
    reasons: Sequence[str]
    changes: Sequence[str]
    hopeless: str
    hours_address: str


def line_of(answer: Answer, user: User, reader: User) -> Line:
    """What is told to `reader` about a member."""
    changes = answer.remedy.changes
    return Line(
        user.display_name,
        not answer.refusals,
        [refusal.text for refusal in answer.refusals],
        [_words(change) for change in changes],
        _hopeless(answer.remedy.hopeless),
        _hours_address(user, reader) if any(change.kind in _OF_WEEK for change in changes) else "",
    )


def _hours_address(user: User, reader: User) -> str:
    if not may_edit_account(reader, user):
        return ""
    return reverse("account_hours") if user.pk == reader.pk else reverse("workspace_person_hours", args=[user.email])


def _hopeless(codes: Sequence[RefusalCode]) -> str:
    if RefusalCode.CLASH in codes:
        return _("No setting opens it: what is in the way would have to be moved.")
    if RefusalCode.NOTICE in codes:
        return _("No setting opens it: it is in the past.")
    return _("No setting opens it.") if codes else ""


def _words(change: Change) -> str:
    return _WORDS[change.kind](change)


def _times(change: Change) -> dict[str, str]:
    return {
        "weekday": when.weekday(change.day),
        "date": when.long_date(change.day),
        "was": format_clock(change.was),
        "to": format_clock(change.to),
        "from": format_clock(change.span[0]),
        "until": format_clock(change.span[1]),
    }


def _minutes(change: Change) -> dict[str, str]:
    return {"was": when.length(change.was // 60), "to": when.length(change.to // 60)}


def _limit(change: Change, some: str, none: str) -> str:
    return (some if change.to else none) % {"was": change.was, "to": change.to}


def _advance(change: Change) -> str:
    days = change.to // 86_400
    told = ngettext(
        "Times would have to be bookable %(to)d day ahead instead of %(was)d.",
        "Times would have to be bookable %(to)d days ahead instead of %(was)d.",
        days,
    )
    return told % {"to": days, "was": change.was // 86_400}


_WORDS: dict[ChangeKind, Callable[[Change], str]] = {
    ChangeKind.DAY_BEGINS: lambda one: (
        _("The working hours on %(weekday)s would have to begin at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.DAY_ENDS: lambda one: (
        _("The working hours on %(weekday)s would have to end at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.DAY_OPENS: lambda one: (
        _("%(weekday)s would have to be a working day, from %(from)s to %(until)s.") % _times(one)
    ),
    ChangeKind.BREAK_BEGINS: lambda one: (
        _("The break on %(weekday)s would have to begin at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.BREAK_ENDS: lambda one: (
        _("The break on %(weekday)s would have to end at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.BREAK_GOES: lambda one: (
        _("The break on %(weekday)s from %(from)s to %(until)s would have to go.") % _times(one)
    ),
    ChangeKind.DATE_BEGINS: lambda one: (
        _("The hours of %(date)s would have to begin at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.DATE_ENDS: lambda one: (
        _("The hours of %(date)s would have to end at %(to)s instead of %(was)s.") % _times(one)
    ),
    ChangeKind.DATE_OPENS: lambda one: (
        _("%(date)s would have to be a working day, from %(from)s to %(until)s, instead of a day away.") % _times(one)
    ),
    ChangeKind.BUFFER_BEFORE: lambda one: (
        _("The buffer before meetings would have to be %(to)s instead of %(was)s.") % _minutes(one)
    ),
    ChangeKind.BUFFER_AFTER: lambda one: (
        _("The buffer after meetings would have to be %(to)s instead of %(was)s.") % _minutes(one)
    ),
    ChangeKind.NOTICE: lambda one: _("The notice would have to be %(to)s instead of %(was)s.") % _minutes(one),
    ChangeKind.ADVANCE: _advance,
    ChangeKind.DAY_LIMIT: lambda one: _limit(
        one,
        _("The limit would have to be %(to)s bookings a day instead of %(was)s."),
        _("There would have to be no limit of bookings a day instead of %(was)s."),
    ),
    ChangeKind.WEEK_LIMIT: lambda one: _limit(
        one,
        _("The limit would have to be %(to)s bookings a week instead of %(was)s."),
        _("There would have to be no limit of bookings a week instead of %(was)s."),
    ),
    ChangeKind.DEPARTMENT_LIMIT: lambda one: (
        _("The department's limit would have to be %(to)s bookings a day instead of %(was)s.")
        % {"to": one.to, "was": one.was}
    ),
    ChangeKind.CALENDAR: lambda _one: _("The calendar would have to be read again."),
}
