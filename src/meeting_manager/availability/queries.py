"""Reading availability: for people by right, for the engine in bulk."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from meeting_manager.adapters.rows import epoch
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.engine.facts import DEFAULT_RULE, Override, Rule, WeeklyHours
from meeting_manager.engine.weekly import default_working_hours, parse_clock, parse_weekly_hours
from meeting_manager.people.models import User
from meeting_manager.people.rules import AnyUser, is_system_manager
from meeting_manager.people.validators import storable

HOUR = 3600
DAY = 24 * HOUR
MINUTE = 60


class Standing(NamedTuple):
    """What holds for a user as stored: IANA zone ("" where the department's applies), weekly hours, since when one of
    their calendars could not be read (UTC epoch seconds), rule in force."""

    zone: str
    hours: WeeklyHours
    unread_since: int | None
    rule: Rule


def standing(
    user_ids: Collection[int], first_day: date | None = None, last_day: date | None = None
) -> dict[int, Standing]:
    """The standing of each of these users, with the overrides of `first_day` to `last_day` (None: no bound).

    Local dates, both inclusive. Three queries at most and no model instances: this feeds every list of slots. Users
    without settings or rules get the defaults.
    """
    if not user_ids:
        return {}
    settings = _read_settings(user_ids)
    rules = _read_rules(user_ids)
    overrides = _read_overrides([rule_id for rule_id, _ in rules.values()], first_day, last_day)
    return {
        user: Standing(*settings.get(user, _NO_SETTINGS), _in_force(rules.get(user), overrides)) for user in user_ids
    }


def visible_to(user: AnyUser) -> QuerySet[AvailabilityRule]:
    """The rules `user` may see: their own, those of members of departments they lead; System Managers all."""
    rules = AvailabilityRule.objects.select_related("user").prefetch_related("date_overrides")
    if is_system_manager(user):
        return rules
    if not user.is_active:
        return rules.none()
    led = AvailabilityRule.objects.filter(user__memberships__department__department_leader=user.pk)
    return rules.filter(Q(user=user.pk) | Q(pk__in=led.values("pk")))


def get_for(user: AnyUser, name: str) -> AvailabilityRule:
    """The rule with this document name. Raises AvailabilityRule.DoesNotExist, also where it is not visible."""
    return visible_to(user).get(name=name if storable(name) else "")


def in_force(user: User) -> AvailabilityRule | None:
    """The rule that holds for `user`; none where the defaults do. As `standing` chooses it."""
    return AvailabilityRule.objects.filter(user=user, is_active=True).order_by("-is_default", "id").first()


def _read_settings(user_ids: Collection[int]) -> dict[int, tuple[str, WeeklyHours, int | None]]:
    sql = (
        "SELECT user_id, timezone, CAST(working_hours_json AS text), calendars_unread_since"  # noqa: S608 - only placeholders are put in
        f" FROM people_usersettings WHERE user_id IN ({_places(user_ids)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(user_ids))
        rows = cursor.fetchall()
    return {user: (zone, _hours(stored), _whole(epoch(since))) for user, zone, stored, since in rows}


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)


def _read_rules(user_ids: Collection[int]) -> dict[int, tuple[int, Rule]]:
    sql = (
        "SELECT user_id, id, buffer_time_before, buffer_time_after, max_bookings_per_day, max_bookings_per_week,"  # noqa: S608 - only placeholders are put in
        " min_notice_hours, max_days_advance FROM availability_availabilityrule"
        f" WHERE is_active AND user_id IN ({_places(user_ids)}) ORDER BY user_id, is_default DESC, id"
    )
    found: dict[int, tuple[int, Rule]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, list(user_ids))
        for user, rule_id, *figures in cursor.fetchall():
            if user not in found:
                found[user] = rule_id, _rule(*figures)
    return found


def _read_overrides(
    rule_ids: Collection[int], first_day: date | None, last_day: date | None
) -> dict[int, dict[date, Override]]:
    found: dict[int, dict[date, Override]] = defaultdict(dict)
    if not rule_ids:
        return found
    sql = (
        "SELECT rule_id, date, available, custom_hours_start, custom_hours_end"  # noqa: S608 - only placeholders
        f" FROM availability_dateoverride WHERE rule_id IN ({_places(rule_ids)}) AND date BETWEEN %s AND %s"
    )
    bounds = [(first_day or date.min).isoformat(), (last_day or date.max).isoformat()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*rule_ids, *bounds])
        for rule, day, available, *hours in cursor.fetchall():
            # SQLite gives dates as text and truth as a number.
            found[rule][date.fromisoformat(str(day))] = _override(bool(available), *hours)
    return found


def _in_force(stored: tuple[int, Rule] | None, overrides: Mapping[int, Mapping[date, Override]]) -> Rule:
    if stored is None:
        return DEFAULT_RULE
    rule_id, rule = stored
    if rule_id not in overrides:
        return rule
    return _with_overrides(rule, overrides[rule_id])


def _with_overrides(rule: Rule, overrides: Mapping[date, Override]) -> Rule:
    return Rule(
        rule.buffer_before,
        rule.buffer_after,
        rule.max_per_day,
        rule.max_per_week,
        rule.min_notice,
        rule.max_advance,
        overrides,
    )


def _places(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))


@lru_cache(maxsize=4096)
def _hours(stored: str) -> WeeklyHours:
    """Parsed once for each stored text; raises HoursError rather than guess what malformed hours might mean."""
    return parse_weekly_hours(json.loads(stored))


@lru_cache(maxsize=4096)
def _rule(before: int, after: int, day: int, week: int, notice: int, advance: int) -> Rule:
    return Rule(before * MINUTE, after * MINUTE, day, week, notice * HOUR, advance * DAY)


@lru_cache(maxsize=4096)
def _override(available: bool, start: str, end: str) -> Override:
    if not start:
        return Override(available)
    return Override(available, parse_clock(start), parse_clock(end, end=True))


_NO_SETTINGS = ("", parse_weekly_hours(default_working_hours()), None)
