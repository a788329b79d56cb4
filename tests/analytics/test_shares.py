"""What members held against what they could have held, from stored hours, overrides and calendars."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.analytics.fairness import Load, Share, Why
from meeting_manager.analytics.periods import Period
from meeting_manager.availability.services import add_override, create_rule
from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.departments.services import add_member, edit_department, edit_member, remove_member
from meeting_manager.people.models import User
from meeting_manager.people.services import create_user
from tests.analytics.month import LATER, live_through, numbers
from tests.bookings.desk import NOW, after, block, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WEEK = Period(date(2026, 12, 7), date(2026, 12, 13))
"""Monday to Sunday: five days of eight hours."""
FULL_WEEK = 5 * 8 * 60


def share_of(cast: Cast, user: User, period: Period = WEEK) -> Share:
    return next(share for share in numbers(cast, period).shares if share.load.user == user.pk)


def load_of(cast: Cast, user: User, period: Period = WEEK) -> Load:
    return share_of(cast, user, period).load


def row(cast: Cast, user: User) -> DepartmentMember:
    return DepartmentMember.objects.get(department=cast.support, member=user)


def test_what_is_held_are_the_minutes_of_meetings_that_take_or_took_place(cast: Cast) -> None:
    live_through(cast)
    minutes: dict[int, int] = {}
    for booking in Booking.objects.filter(meeting_type__department=cast.support, start_datetime__lt=after(days=5)):
        for host in booking.assigned_users.all():
            if booking.booking_status not in ("Cancelled", "Rescheduled"):
                minutes[host.user_id] = minutes.get(host.user_id, 0) + booking.duration
    held = {share.load.user: share.load.minutes for share in numbers(cast, WEEK).shares if share.load.minutes}
    assert held == minutes
    assert sum(minutes.values()) == 4 * 30 + 2 * 60


def test_working_hours_are_what_could_have_been_held(cast: Cast) -> None:
    assert load_of(cast, cast.sarah) == Load(cast.sarah.pk, could=FULL_WEEK)


def test_what_other_calendars_hold_counts_once_and_only_within_the_hours(cast: Cast) -> None:
    ten = after(days=0)
    block(cast.sarah, ten, ten + timedelta(hours=2))
    block(cast.sarah, ten + timedelta(hours=1), ten + timedelta(hours=3))
    block(cast.sarah, ten.replace(hour=18), ten.replace(hour=20))
    load = load_of(cast, cast.sarah)
    assert (load.could, load.blocked) == (FULL_WEEK - 180, 180)
    assert load_of(cast, cast.mike).blocked == 0


def test_an_event_of_days_blocks_the_hours_of_each(cast: Cast) -> None:
    block(cast.sarah, after(days=-3), after(days=1, hours=7))
    load = load_of(cast, cast.sarah)
    assert (load.could, load.blocked) == (2 * 480, 3 * 480)


def test_bookings_take_nothing_from_what_could_have_been_held(cast: Cast) -> None:
    try_to_book(cast, host=cast.sarah, actor=cast.lead)
    assert load_of(cast, cast.sarah).could == FULL_WEEK


def test_days_away_are_counted_where_somebody_would_have_worked(cast: Cast) -> None:
    rule = create_rule(actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Mine", "is_default": True})
    for day in ("2026-12-09", "2026-12-12", "2026-12-21"):
        add_override(actor=cast.sarah, rule=rule, fields={"date": day, "available": False, "reason": "Away"})
    load = load_of(cast, cast.sarah)
    assert (load.away, load.could) == (1, FULL_WEEK - 480)


def test_who_joined_later_could_only_take_what_came_then(cast: Cast) -> None:
    new = create_user(actor=cast.admin, email="new@bestsecurity.example", full_name="New", now=after(days=1, hours=3))
    add_member(actor=cast.lead, department=cast.support, member=new)
    load = load_of(cast, new)
    assert (load.joined, load.could) == (date(2026, 12, 9), 4 * 60 + 2 * 480)
    assert load_of(cast, cast.sarah).joined is None


def test_meetings_from_before_the_account_show_that_somebody_was_there(cast: Cast) -> None:
    try_to_book(cast, host=cast.sarah, actor=cast.lead)
    User.objects.filter(pk=cast.sarah.pk).update(date_joined=after(days=2))
    load = load_of(cast, cast.sarah)
    assert (load.joined, load.could) == (date(2026, 12, 8), 7 * 60 + 3 * 480)


def test_hours_are_those_of_the_members_zone_within_the_departments_days(cast: Cast) -> None:
    cast.sarah.settings.timezone = "America/New_York"
    cast.sarah.settings.save()
    assert load_of(cast, cast.sarah).could == FULL_WEEK
    monday = Period(date(2026, 12, 7), date(2026, 12, 7))
    assert load_of(cast, cast.sarah, monday).could == 480
    cast.sarah.settings.timezone = "Pacific/Auckland"
    cast.sarah.settings.save()
    friday = Period(date(2026, 12, 11), date(2026, 12, 11))
    assert load_of(cast, cast.sarah, friday).could == 4 * 60


def test_members_who_left_are_named_for_what_they_held(cast: Cast) -> None:
    try_to_book(cast, host=cast.sarah, actor=cast.lead)
    try_to_book(cast, start=after(hours=2), host=cast.mike, actor=cast.lead)
    remove_member(actor=cast.admin, member=row(cast, cast.mike))
    left = share_of(cast, cast.mike)
    assert (left.load.takes_part, left.load.could, left.whys) == (False, 0, (Why.GONE,))
    assert numbers(cast, WEEK).shares[-1].load.user == cast.mike.pk


def test_members_with_nothing_held_are_there_and_who_never_was_is_not(cast: Cast) -> None:
    try_to_book(cast, host=cast.sarah, actor=cast.lead)
    members = {share.load.user for share in numbers(cast, WEEK).shares}
    assert members == {cast.sarah.pk, cast.mike.pk, cast.jane.pk, cast.lead.pk}


def test_who_was_chosen_by_name_is_told_from_whose_turn_it_was(cast: Cast) -> None:
    for at in range(3):
        try_to_book(cast, start=after(minutes=30 * at), host=cast.jane, actor=cast.lead)
    try_to_book(cast, start=after(hours=4))
    named, by_turn = share_of(cast, cast.jane), share_of(cast, cast.sarah)
    assert (named.load.by_name, named.load.meetings, named.whys) == (3, 3, (Why.BY_NAME,))
    assert (by_turn.load.by_name, by_turn.load.meetings) == (0, 1)


def test_priorities_count_where_the_department_weighs(cast: Cast) -> None:
    edit_member(actor=cast.lead, member=row(cast, cast.jane), changes={"assignment_priority": 5})
    try_to_book(cast)
    assert load_of(cast, cast.jane).weight == 1
    edit_department(actor=cast.admin, department=cast.support, changes={"assignment_algorithm": "Weighted"})
    try_to_book(cast, start=after(hours=1))
    assert load_of(cast, cast.jane).weight == 5


def test_one_member_is_still_compared_with_the_others(cast: Cast) -> None:
    live_through(cast)
    everybody = [(share.load.user, share.share) for share in numbers(cast, WEEK).shares]
    assert [(share.load.user, share.share) for share in numbers(cast, WEEK, member=cast.sarah).shares] == everybody


def test_limits_of_the_rule_are_known(cast: Cast) -> None:
    fields = {"rule_name": "Mine", "is_default": True, "max_bookings_per_day": 2, "max_bookings_per_week": 5}
    create_rule(actor=cast.sarah, user=cast.sarah, fields=fields)
    load = load_of(cast, cast.sarah)
    assert (load.per_day, load.per_week) == (2, 5)


def test_all_numbers_take_the_same_queries_however_many_there_are(cast: Cast) -> None:
    def made() -> int:
        told = numbers(cast, WEEK)
        with CaptureQueriesContext(connection) as queries:
            told.now_totals(), told.totals_before(), told.today(), told.coming()
            assert all((told.types, told.members, told.over_time, told.held, told.asked, told.shares))
        return len(queries)

    try_to_book(cast)
    create_rule(actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Mine", "is_default": True})
    few = made()
    live_through_more(cast)
    assert made() == few == 10


def live_through_more(cast: Cast) -> None:
    for name in ("one", "two"):
        user = create_user(actor=cast.admin, email=f"{name}@bestsecurity.example", full_name=name, now=NOW)
        add_member(actor=cast.lead, department=cast.support, member=user)
        rule = create_rule(actor=user, user=user, fields={"rule_name": "Mine", "is_default": True})
        add_override(actor=user, rule=rule, fields={"date": "2026-12-11", "available": False, "reason": "Away"})
        block(user, after(days=1), after(days=1, hours=1))
        booking = try_to_book(cast, start=after(minutes=30), host=user, actor=cast.lead).booking
        services.complete(booking=booking, actor=cast.lead, now=LATER)
