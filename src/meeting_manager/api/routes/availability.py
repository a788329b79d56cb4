"""Availability rules with their date overrides, and availability explained."""

from datetime import timedelta
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import user_of
from meeting_manager.api.creating import START
from meeting_manager.api.finding import meeting_type_for
from meeting_manager.api.operations import PAGED, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.reading import (
    fields_named,
    read_date,
    read_instant,
    read_object,
    read_optional_instant,
    read_rows,
)
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.users import editable_user, found_user
from meeting_manager.api.schemas import answers, outputs, records
from meeting_manager.api.schemas.outputs import Page
from meeting_manager.api.shapes import people as shapes
from meeting_manager.api.writing import instant
from meeting_manager.availability import queries, services
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.rules import may_edit
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.times import Explanation, explain
from meeting_manager.departments.rules import belongs
from meeting_manager.engine.refusals import Refusal
from meeting_manager.people.models import User
from meeting_manager.web.access import Audience

operations = Operations("Availability")

ALL, ONE = "/availability-rules", "/availability-rules/{rule}"


@operations.add("GET", ALL, Audience.SIGNED_IN, Page[answers.Rule], 404, parameters=PAGED)
def list_rules(request: HttpRequest, user: str = "") -> HttpResponse:
    """The rules that the caller may see; of one `user` where asked for."""
    caller = user_of(request)
    rows = queries.visible_to(caller)
    if user:
        rows = rows.filter(user=found_user(caller, user))
    return reply(page(request, rows, "name", shapes.rule))


@operations.add(
    "POST", ALL, Audience.SIGNED_IN, answers.Rule, 403, 404, status=HTTPStatus.CREATED, takes=records.RuleIn
)
def create_rule(request: HttpRequest) -> HttpResponse:
    """A new rule, of the caller unless `user` names somebody else."""
    caller = user_of(request)
    fields = read_object(request)
    owner = editable_user(caller, owner_named(fields))
    overrides = read_rows(fields, "date_overrides")
    made = services.create_rule(actor=caller, user=owner, fields=fields, date_overrides=overrides)
    return _shown(made, HTTPStatus.CREATED)


@operations.add("GET", ONE, Audience.READS_RULE, answers.Rule, 404)
def get_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """A rule by document name."""
    return reply(shapes.rule(queries.get_for(user_of(request), rule)))


@operations.add("PATCH", ONE, Audience.EDITS_RULE, answers.Rule, 403, 404, takes=records.RuleChange)
def edit_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """Change a rule."""
    caller, found = _editable(request, rule)
    return _shown(services.edit_rule(actor=caller, rule=found, changes=read_object(request)))


@operations.add("DELETE", ONE, Audience.EDITS_RULE, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def delete_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """Delete a rule with its overrides."""
    caller, found = _editable(request, rule)
    services.delete_rule(actor=caller, rule=found)
    return nothing()


@operations.add("PUT", f"{ONE}/date-overrides", Audience.EDITS_RULE, answers.Rule, 403, 404, takes=records.OverridesIn)
def replace_overrides(request: HttpRequest, rule: str) -> HttpResponse:
    """Make these all the overrides of a rule."""
    caller, found = _editable(request, rule)
    data = read_object(request)
    if "date_overrides" not in data:
        raise ValidationError({"date_overrides": "Date Overrides is required."})
    services.replace_overrides(actor=caller, rule=found, date_overrides=read_rows(data, "date_overrides"))
    return _shown(found)


@operations.add(
    "POST",
    f"{ONE}/date-overrides",
    Audience.EDITS_RULE,
    answers.DateOverride,
    403,
    404,
    status=HTTPStatus.CREATED,
    takes=records.OverrideIn,
)
def add_override(request: HttpRequest, rule: str) -> HttpResponse:
    """Say what one date is like that has no override yet."""
    caller, found = _editable(request, rule)
    made = services.add_override(actor=caller, rule=found, fields=read_object(request))
    return reply(shapes.override(made), HTTPStatus.CREATED)


@operations.add(
    "DELETE", f"{ONE}/date-overrides/{{date}}", Audience.EDITS_RULE, None, 403, 404, status=HTTPStatus.NO_CONTENT
)
def remove_override(request: HttpRequest, rule: str, date: str) -> HttpResponse:
    """Give a date back to its weekday."""
    caller, found = _editable(request, rule)
    services.remove_override(actor=caller, rule=found, day=read_date(date, "date", "Date"))
    return nothing()


@operations.add("GET", "/availability/explain", Audience.BELONGS_TO_DEPARTMENT, outputs.Explanation, 403, 404)
def explain_availability(
    request: HttpRequest,
    meeting_type: str = "",
    start: str = "",
    department: str = "",
    end: str = "",
    member: str = "",
) -> HttpResponse:
    """Every rule that refuses a time, for each member or the one named by e-mail address."""
    caller = user_of(request)
    kind = meeting_type_for(caller, department, meeting_type)
    if not belongs(caller, kind.department):
        raise PermissionDenied("You may ask about your own departments only.")
    one = found_user(caller, member) if member else None
    since = read_instant(start, "start", START)
    until = read_optional_instant(end, "end") or since + timedelta(minutes=kind.duration)
    with fields_named({"end_datetime": "end"}):
        found = explain(meeting_type=kind, start=since, end=until, member=one, now=timezone.now())
    results = [_explained(each) for each in found]
    return reply({"start": instant(since), "end": instant(until), "results": results})


def owner_named(fields: dict[str, object]) -> str:
    """Take whom a new record is for out of its fields; "me" where nobody is named. Raises ValidationError."""
    owner = fields.pop("user", None) or "me"
    if not isinstance(owner, str):
        raise ValidationError({"user": "User must be an e-mail address."})
    return owner


def _editable(request: HttpRequest, name: str) -> tuple[User, AvailabilityRule]:
    caller = user_of(request)
    found = queries.get_for(caller, name)
    if not may_edit(caller, found):
        raise PermissionDenied("You may edit your own availability only.")
    return caller, found


def _shown(rule: AvailabilityRule, status: int = HTTPStatus.OK) -> HttpResponse:
    rows: QuerySet[AvailabilityRule] = AvailabilityRule.objects.select_related("user")
    return reply(shapes.rule(rows.prefetch_related("date_overrides").get(pk=rule.pk)), status)


def _explained(one: Explanation) -> dict[str, object]:
    return {
        "user": one.user,
        "is_available": not one.refusals,
        "is_offered": one.is_offered,
        "refusals": [_refusal(refusal) for refusal in one.refusals],
    }


def _refusal(one: Refusal) -> dict[str, object]:
    since, until = (None if bound is None else instant(moment(bound)) for bound in (one.since, one.until))
    return {"code": one.code, "message": one.text, "since": since, "until": until}
