"""A new meeting among colleagues: who, a time at which they can, and what it is about; once, or again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import services, when
from meeting_manager.bookings.errors import SeriesClash, TimeTaken
from meeting_manager.bookings.inputs import Host, Invitee, Pattern
from meeting_manager.bookings.series import Occurrence, Outlook, foresee
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.queries import members_of
from meeting_manager.departments.rules import active
from meeting_manager.engine.refusals import waivable
from meeting_manager.people.models import User
from meeting_manager.workspace import creating
from meeting_manager.workspace.create_forms import MeetingForm, PeopleForm
from meeting_manager.workspace.invitees import invitees_of, seen_by
from meeting_manager.workspace.pages import managers_page, show, zone_of


@dataclass(frozen=True, slots=True)
class Visit:
    """One request about a meeting of `kind` to be; `zone` is the reader's, that of a series its department's."""

    request: HttpRequest
    user: User
    kind: MeetingType
    now: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Group:
    """Who is to come, as the page's address says; `guests` are the invited whose time may be looked at."""

    hosts: Sequence[User]
    invitees: Sequence[Invitee]
    guests: Sequence[User]
    minutes: int
    day: date

    @property
    def unseen(self) -> list[str]:
        """Whose time nobody here knows, or the reader may not."""
        seen = {one.email for one in self.guests}
        return [one.email for one in self.invitees if one.email not in seen]

    def as_hosts(self) -> list[Host]:
        """The hosts, the first of them the primary one."""
        return [Host(user, is_primary=not number) for number, user in enumerate(self.hosts)]


@managers_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_page(request: HttpRequest, user: User) -> HttpResponse:
    """Without a type, a choice of types; without a start, of people and times; then the rest, which POST books."""
    if not request.GET.get("type"):
        return show(request, "new/types", {"internal_types": creating.internal_types(user)})
    kind = creating.internal_types(user).get(name=creating.sane(request.GET["type"]))
    visit = Visit(request, user, kind, timezone.now(), zone_of(user, kind.department.timezone))
    members = [one.member for one in active(members_of(kind.department))]
    form = _people_form(visit, members)
    if not form.is_bound or not form.is_valid():
        return show(request, "new/meeting_times", _around(visit) | {"form": form}, 422 if form.errors else 200)
    group = _group(visit, form, members)
    start = creating.read_start(request.POST.get("take") or request.GET.get("start", ""), visit.zone)
    if start is None:
        return _show_times(visit, form, group)
    return _answer(visit, group, start) if request.method == "POST" else _show(visit, group, start)


def _people_form(visit: Visit, members: Sequence[User]) -> PeopleForm:
    asked = visit.request.GET if visit.request.GET.keys() & {"host", "people", "day", "minutes"} else None
    choices = [(one.email, one.display_name) for one in members]
    return PeopleForm(asked, visit.kind, choices, when.local(visit.now, visit.zone).date())


def _group(visit: Visit, form: PeopleForm, members: Sequence[User]) -> Group:
    said = form.cleaned_data
    hosts = [one for one in members if one.email in said["host"]]
    invitees = invitees_of(said["people"], hosts)
    return Group(hosts, invitees, seen_by(visit.user, invitees), said["minutes"], said["day"])


def _show_times(visit: Visit, form: PeopleForm, group: Group) -> HttpResponse:
    choices = creating.meeting_times(
        visit.kind, group.hosts, group.guests, group.day, visit.zone, group.minutes, visit.now
    )
    context = {
        "form": form,
        "choices": choices,
        "people": choices[0].people if choices else [],
        "everybody": sum(not one.missing for one in choices),
        "unseen": group.unseen,
        "day_name": when.long_date(group.day),
        "keep": _query(visit, "start"),
        "before": _query(visit, "start", day=str(group.day - timedelta(days=1))),
        "after": _query(visit, "start", day=str(group.day + timedelta(days=1))),
    }
    return show(visit.request, "new/meeting_times", _around(visit) | context)


def _answer(visit: Visit, group: Group, start: datetime) -> HttpResponse:
    post = visit.request.POST
    form = _form(visit, start)
    if not form.is_valid():
        return _show(visit, group, start, form, 422)
    if "take" in post or "back" in post:
        return _show(visit, group, start, form)
    try:
        pattern = form.pattern()
        if pattern is not None and "confirm" not in post:
            return _preview(visit, group, start, form, pattern)
        name = creating.book_once(
            visit.user, form.cleaned_data["key"], [visit.request.GET.urlencode(), form.said()], visit.now,
            lambda: _book(visit, group, start, form, pattern),
        )  # fmt: skip
    except SeriesClash:
        form.refuse_on_top(_("Meanwhile somebody is no longer free on some of the dates. Please look again."))
        assert pattern is not None  # noqa: S101 - only a series clashes so
        return _preview(visit, group, start, form, pattern, 409)
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return _show(visit, group, start, form, 409, refused=True)
    except ValidationError as error:
        form.refuse(error)
        return _show(visit, group, start, form, 422, refused="start_datetime" in error.message_dict)
    return redirect("workspace_booking", name)


def _form(visit: Visit, start: datetime) -> MeetingForm:
    first = when.local(start, visit.kind.department.timezone).date()
    return MeetingForm(visit.request.POST if visit.request.method == "POST" else None, visit.kind, first)


def _book(visit: Visit, group: Group, start: datetime, form: MeetingForm, pattern: Pattern | None) -> str:
    given: dict[str, Any] = {
        "meeting_type": visit.kind,
        "start": start,
        "end": start + timedelta(minutes=group.minutes),
        "hosts": group.as_hosts(),
        "participants": group.invitees,
        "details": form.details(),
        "actor": visit.user,
        "now": visit.now,
        "force_reason": form.cleaned_data["force_reason"],
    }
    if pattern is None:
        result = services.book_internal(**given)
        messages.success(visit.request, _("Booked. Everybody is told by mail."))
        return result.booking.name
    made = services.book_series(**given, pattern=pattern, leave_out=_left_out(visit.request.POST))
    count = len(made.bookings)
    told = ngettext("%(count)d meeting is booked.", "%(count)d meetings are booked.", count) % {"count": count}
    messages.success(visit.request, told)
    messages.info(visit.request, _("Everybody gets one mail that names the dates."))
    return made.bookings[0].name


def _left_out(post: QueryDict) -> list[date]:
    found = []
    for text in post.getlist("leave_out"):
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return found


def _preview(
    visit: Visit, group: Group, start: datetime, form: MeetingForm, pattern: Pattern, status: int = 200
) -> HttpResponse:
    zone = visit.kind.department.timezone
    seen = foresee(
        meeting_type=visit.kind,
        pattern=pattern,
        start=start,
        end=start + timedelta(minutes=group.minutes),
        zone=zone,
        hosts=[one.pk for one in group.hosts],
        now=visit.now,
    )
    context = {
        "form": form,
        "lines": _lines(seen, form),
        "clashes": sum(bool(one.clashes) for one in seen.occurrences),
        "remaining": sum(not _is_left_out(one, form) for one in seen.occurrences),
        "skipped": [when.month(month) for month in seen.skipped],
        "typed": _typed(visit.request.POST),
        "series_zone": zone,
    }
    return show(visit.request, "new/series", _around(visit) | context, status)


def _lines(seen: Outlook, form: MeetingForm) -> list[dict[str, object]]:
    return [
        {"occurrence": one, "day": when.short_date(one.day), "is_left_out": _is_left_out(one, form)}
        for one in seen.occurrences
    ]


def _is_left_out(one: Occurrence, form: MeetingForm) -> bool:
    """Whether it can't be had: somebody is busy then, or a rule speaks against it that no reason sets aside."""
    refusals = [refusal for each in one.clashes for refusal in each.refusals]
    return any(not (waivable(refusal.code) and form.cleaned_data["force_reason"]) for refusal in refusals)


def _typed(post: QueryDict) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in post.lists()
        if name not in {"csrfmiddlewaretoken", "confirm", "leave_out", "back", "take"}
        for value in values
    ]


def _show(
    visit: Visit,
    group: Group,
    start: datetime,
    form: MeetingForm | None = None,
    status: int = 200,
    *,
    refused: bool = False,
) -> HttpResponse:
    """The form about the meeting at `start`; `refused` says that its time was."""
    choice = creating.meeting_at(visit.kind, group.hosts, group.guests, start, group.minutes, visit.now)
    hosts = [one.pk for one in group.hosts]
    near = creating.nearest_times(visit.kind, start, visit.now, hosts, group.minutes) if refused else []
    context = {
        "form": form or _form(visit, start),
        "choice": choice,
        "start_value": creating.written(start),
        "unseen": group.unseen,
        "alternatives": near,
        "opens_force": refused or any(one.can_force for one in choice.people if one.user.pk in hosts),
        "times_address": _query(visit, "start"),
    }
    return show(visit.request, "new/meeting", _around(visit) | context, status)


def _query(visit: Visit, *without: str, **changed: str) -> str:
    """The query of this page with some of it changed."""
    query = visit.request.GET.copy()
    for name in without:
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def _around(visit: Visit) -> dict[str, object]:
    return {"type": visit.kind, "department": visit.kind.department, "zone": visit.zone}
