"""The figures of a page, each as a table."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from meeting_manager.analytics.fairness import Share
from meeting_manager.analytics.periods import Period, unit_of
from meeting_manager.analytics.queries.scope import TAKING_PLACE
from meeting_manager.analytics.queries.totals import made
from meeting_manager.bookings import when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.people.models import User
from meeting_manager.workspace.figures import heat, words
from meeting_manager.workspace.figures.comparison import comparison
from meeting_manager.workspace.figures.sources import Sources, outcome_hrefs
from meeting_manager.workspace.figures.tables import Cell, Row, Table, count, meter, outcome_columns, outcomes


def over_time(sources: Sources) -> Table:
    """Bookings in each day, week or month."""
    numbers, links = sources.numbers, sources.links
    unit = unit_of(numbers.period)
    heads = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    rows = [
        Row(_period_cell(period, unit), outcomes(statuses, outcome_hrefs(links, period)))
        for period, statuses in numbers.over_time
    ]
    return Table("over-time", _("Bookings over time"), [heads[unit], *outcome_columns()], rows)


def by_type(sources: Sources) -> Table:
    """Bookings of each meeting type, the most booked first."""
    numbers, links = sources.numbers, sources.links
    found = sorted(numbers.types.items(), key=lambda item: (-made(item[1]), sources.kinds[item[0]][1]))
    largest = max((made(statuses) for _kind, statuses in found), default=0)
    rows = [
        Row(
            Cell(sources.kinds[kind][1]),
            outcomes(statuses, outcome_hrefs(links, numbers.period, meeting_type=sources.kinds[kind][0].name)),
            meter(made(statuses), largest),
        )
        for kind, statuses in found
    ]
    return Table("types", _("By meeting type"), [_("Meeting type"), *outcome_columns()], rows)


def by_status(sources: Sources) -> Table:
    """Bookings of each status, in the order of their life."""
    numbers, links = sources.numbers, sources.links
    whole = sum(numbers.statuses.values())
    rows = [
        Row(
            Cell(str(status.label)),
            [
                count(numbers.statuses[status], links.bookings(numbers.period, [status])),
                Cell(words.percent(_part(numbers.statuses[status], whole)), _part(numbers.statuses[status], whole)),
            ],
            meter(numbers.statuses[status], max(numbers.statuses.values(), default=0)),
        )
        for status in BookingStatus
    ]
    note = _("A booking that was moved is counted as Rescheduled, and once more as what it became.")
    return Table("statuses", _("By status"), [_("Status"), _("Bookings"), _("Part")], rows, note)


def by_member(sources: Sources) -> Table:
    """Bookings of each host, the busiest first."""
    numbers, links, people = sources.numbers, sources.links, sources.people()
    found = sorted(numbers.members.items(), key=lambda item: (-made(item[1]), people[item[0]].display_name))
    largest = max((made(statuses) for _user, statuses in found), default=0)
    rows = [
        Row(
            Cell(people[user].display_name),
            outcomes(statuses, outcome_hrefs(links, numbers.period, member=people[user].email)),
            meter(made(statuses), largest),
        )
        for user, statuses in found
    ]
    note = _("A booking with several hosts counts for each of them.")
    return Table("members", _("By member"), [_("Member"), *outcome_columns()], rows, note)


def fairness(sources: Sources) -> Table:
    """Each member's share of the meetings' minutes, beside their share of the time there was."""
    shares = sources.numbers.shares
    people = User.objects.in_bulk([share.load.user for share in shares])
    largest = max((max(share.share or 0, share.target or 0) for share in shares), default=0)
    rows = [_share_row(share, people[share.load.user], sources, largest) for share in shares]
    columns = [_("Member"), _("Held"), _("Could have held"), _("Share"), _("Expected"), _("Difference"), _("Why")]
    return Table("fairness", _("Who held how much"), columns, rows, _fairness_note(), is_wide=True)


def held(sources: Sources) -> Table:
    """When meetings take place."""
    return heat.table("held", _("When meetings are held"), sources.numbers.held, sources.links)


def asked(sources: Sources) -> Table:
    """When they were asked for."""
    return heat.table("asked", _("When they were asked for"), sources.numbers.asked, sources.links)


CHARTS: Mapping[str, Callable[[Sources], Table]] = {
    "over-time": over_time,
    "types": by_type,
    "statuses": by_status,
    "members": by_member,
    "fairness": fairness,
    "held": held,
    "asked": asked,
    "comparison": comparison,
}
"""Every figure by its name in addresses."""


def _share_row(share: Share, user: User, sources: Sources, largest: float) -> Row:
    load, numbers = share.load, sources.numbers
    cells = [
        Cell(
            when.length(load.minutes),
            load.minutes,
            sources.links.bookings(numbers.period, TAKING_PLACE, member=user.email) if load.meetings else "",
        ),
        Cell(when.length(load.could), load.could, notes=words.lost(load)),
        Cell(words.percent(share.share), _raw(share.share)),
        Cell(words.percent(share.target), _raw(share.target)),
        Cell(words.points(share.difference), _raw(share.difference)),
        Cell(" ".join(words.why(reason, load) for reason in share.whys) or words.NONE, is_text=True),
    ]
    return Row(
        Cell(user.display_name),
        cells,
        meter(share.share or 0, largest, share.target),
        is_marked=user.pk == numbers.scope.member,
    )


def _fairness_note() -> str:
    return _(
        "Held are the minutes of meetings that take or took place. Expected is each member's part of the time that was "
        "there: working hours, less what their own calendars blocked."
    )


def _period_cell(period: Period, unit: str) -> Cell:
    written = {
        "day": lambda: when.short_date(period.first),
        "week": lambda: when.period(period.first, period.last),
        "month": lambda: when.month(period.first),
    }
    return Cell(written[unit](), period.first.isoformat())


def _part(of: int, whole: int) -> float:
    return round(of / whole, 3) if whole else 0.0


def _raw(part: float | None) -> float | str:
    return "" if part is None else round(part, 3)
