"""Who could take over while somebody is away: everybody's rules are kept, nothing is done yet."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from meeting_manager.availability.services import create_rule
from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.takeover import Plan, Takeover, by_host, plan_takeover
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, block
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def _plan(cast: Cast, **changes: object) -> Plan:
    arguments = {"actor": cast.lead, "leaving": cast.sarah, "since": NOW, "until": NOW + WEEK, "now": NOW}
    return plan_takeover(**(arguments | changes))  # type: ignore[arg-type]


def _names(cast: Cast, plan: Plan) -> list[str]:
    known = {user.pk: user.email.split("@")[0] for user in (cast.sarah, cast.mike, cast.jane, cast.lead)}
    return [known[each.host] if each.host else "-" for each in plan.takeovers]


def _only(plan: Plan) -> Takeover:
    (found,) = plan.takeovers
    return found


@pytest.fixture
def sarahs(cast: Cast, book: Book) -> None:
    """Three calls of Sarah's on Tuesday from ten."""
    for hours in range(3):
        book(start=TUESDAY_TEN + timedelta(hours=hours), host=cast.sarah, actor=cast.lead)


def test_each_booking_goes_to_a_colleague_in_turn(cast: Cast, sarahs: None) -> None:
    plan = _plan(cast)
    assert sorted(_names(cast, plan)) == ["jane", "lead", "mike"]
    assert by_host(plan) == {cast.mike.pk: 1, cast.jane.pk: 1, cast.lead.pk: 1}
    assert [each.booking.start_datetime for each in plan.takeovers] == [
        TUESDAY_TEN + timedelta(hours=hours) for hours in range(3)
    ]


def test_who_has_much_already_is_spared(cast: Cast, sarahs: None, book: Book) -> None:
    for hours in range(3, 6):
        book(start=TUESDAY_TEN + timedelta(hours=hours), host=cast.mike, actor=cast.lead)
    assert sorted(_names(cast, _plan(cast))) in (["jane", "jane", "lead"], ["jane", "lead", "lead"])


def test_limits_and_calendars_of_colleagues_are_kept(cast: Cast, sarahs: None) -> None:
    for user in (cast.jane, cast.lead):
        block(user, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=4))
    rule = {"rule_name": "Two a day", "max_bookings_per_day": 2, "is_default": True}
    create_rule(actor=cast.mike, user=cast.mike, fields=rule)
    assert sorted(_names(cast, _plan(cast))) == ["-", "mike", "mike"]


def test_where_nobody_is_free_it_says_why_and_proposes_times(cast: Cast, book: Book) -> None:
    book(host=cast.sarah, actor=cast.lead)
    for user in (cast.mike, cast.jane, cast.lead):
        block(user, TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))
    found = _only(_plan(cast))
    assert found.host is None
    assert [one.refusals[0].code for one in found.colleagues] == ["clash"] * 3
    half = timedelta(minutes=30)
    assert [start for start, _end in found.proposals] == [
        TUESDAY_TEN - half,
        TUESDAY_TEN - 2 * half,
        TUESDAY_TEN + 2 * half,
    ]


def test_a_full_department_counts_the_booking_only_once(cast: Cast, book: Book) -> None:
    book(host=cast.sarah, actor=cast.lead)
    cast.support.max_bookings_per_day = 1
    cast.support.save()
    assert _only(_plan(cast)).host


def test_internal_meetings_and_those_of_other_departments_are_left(cast: Cast, book: Book) -> None:
    services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        end=TUESDAY_TEN + timedelta(hours=1),
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        actor=cast.lead,
        now=NOW,
    )
    plan = _plan(cast)
    assert [each.meeting_type for each in plan.left] == [cast.planning]
    assert not plan.takeovers


def test_what_has_begun_ended_or_lies_outside_the_period_is_not_planned(cast: Cast, sarahs: None) -> None:
    assert not _plan(cast, since=TUESDAY_TEN - WEEK, now=TUESDAY_TEN + timedelta(hours=3)).takeovers
    until = TUESDAY_TEN + timedelta(hours=1)
    assert len(_plan(cast, until=until).takeovers) == 1


def test_only_who_decides_somewhere_may_plan(cast: Cast, sarahs: None) -> None:
    with pytest.raises(PermissionDenied):
        _plan(cast, actor=cast.mike)
    assert _plan(cast, actor=cast.admin).takeovers


@pytest.mark.parametrize("until", [NOW, NOW + timedelta(days=94)])
def test_a_period_that_makes_no_sense_is_refused(cast: Cast, until: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        _plan(cast, until=until)
    assert "until" in refused.value.message_dict


def test_the_queries_do_not_grow_with_the_bookings(
    cast: Cast, book: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(8):
        book(start=TUESDAY_TEN + timedelta(minutes=30 * at), host=cast.sarah, actor=cast.lead)
    with django_assert_max_num_queries(13):
        assert len(_plan(cast).takeovers) == 8
