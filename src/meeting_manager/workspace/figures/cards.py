"""The numbers on top of the figures."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from meeting_manager.analytics.numbers import Moment, Numbers
from meeting_manager.analytics.queries.scope import MADE, TAKING_PLACE
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.workspace.figures import words
from meeting_manager.workspace.figures.links import Links


@dataclass(frozen=True, slots=True)
class Card:
    """One number, how it changed, and where its bookings are."""

    title: str
    value: str
    change: words.Change
    href: str


def cards(numbers: Numbers, links: Links) -> list[Card]:
    """Bookings, today, the coming days, rates and waits."""
    return [
        _bookings(numbers, links),
        _moment(_("Today"), numbers.today(), words.THAN_YESTERDAY, links),
        _moment(_("Next 7 days"), numbers.coming(), words.THAN_LAST_WEEK, links),
        *_rates(numbers, links),
        _wait(numbers, links),
    ]


def _bookings(numbers: Numbers, links: Links) -> Card:
    now, before = numbers.now_totals().bookings, numbers.totals_before().bookings
    change = words.change_of_count(now, before)
    return Card(_("Bookings"), words.number(now), change, links.bookings(numbers.period, MADE))


def _moment(title: str, moment: Moment, than: words.Comparison, links: Links) -> Card:
    change = words.change_of_count(moment.now, moment.before, than)
    return Card(title, words.number(moment.now), change, links.bookings(moment.period, TAKING_PLACE))


def _rates(numbers: Numbers, links: Links) -> list[Card]:
    now, before = numbers.now_totals(), numbers.totals_before()
    cancelled = words.change_of_rate(now.cancellation_rate, before.cancellation_rate)
    missed = words.change_of_rate(now.no_show_rate, before.no_show_rate)
    period = numbers.period
    return [
        Card(
            _("Cancelled"),
            words.percent(now.cancellation_rate),
            cancelled,
            links.bookings(period, [BookingStatus.CANCELLED]),
        ),
        Card(_("No-shows"), words.percent(now.no_show_rate), missed, links.bookings(period, [BookingStatus.NO_SHOW])),
    ]


def _wait(numbers: Numbers, links: Links) -> Card:
    now, before = numbers.now_totals().median_wait, numbers.totals_before().median_wait
    change = words.change_of_wait(now, before)
    return Card(_("Time to approval (median)"), words.duration(now), change, links.approved())
