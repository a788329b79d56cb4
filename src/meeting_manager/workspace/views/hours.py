"""Working hours as a week: each day on or off, from when to when, with breaks; looked at by leaders, too."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.engine.weekly import WEEKDAYS
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of
from meeting_manager.people.services import edit_settings
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.week import Week, weekday_name
from meeting_manager.workspace.whose import Whose, whose


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def hours_page(request: HttpRequest, user: User, email: str = "") -> HttpResponse:
    """The week. Its buttons add and remove breaks and copy days without keeping anything; "Save" keeps it all."""
    about = whose(user, email)
    if request.method != "POST":
        return _shown(request, about, Week.of_stored(settings_of(about.user).working_hours_json))
    if not about.may_edit:
        raise PermissionDenied("You may edit your own settings only.")
    week, (verb, *rest) = Week.of_form(request.POST), request.POST.get("do", "save").split(":")
    if verb == "save":
        return _save(request, about, week)
    focus, said = _act(request, week, verb, rest)
    return _shown(request, about, week, focus=focus, said=said)


def _save(request: HttpRequest, about: Whose, week: Week) -> HttpResponse:
    if any(day.errors for day in week.days()):
        return _shown(request, about, week, status=422)
    try:
        edit_settings(actor=about.reader, user=about.user, changes={"working_hours_json": week.stored()})
    except ValidationError as error:
        return _shown(request, about, week, problems=error.messages, status=422)
    messages.success(request, _("The working hours are saved."))
    return redirect(about.address("hours"))


def _act(request: HttpRequest, week: Week, verb: str, rest: list[str]) -> tuple[str, str]:
    """What a button is for: returns the id of what is to get the focus, and what to tell."""
    key, *more = [*rest, ""]
    if key not in WEEKDAYS:
        return "", ""
    match verb:
        case "add":
            week.add_break(key)
            return f"{key}-break-{len(week.typed[key].breaks) - 1}-start", ""
        case "remove" if more[0].isascii() and more[0].isdigit():
            week.remove_break(key, int(more[0]))
            return f"{key}-add", ""
        case "copy":
            return "", _copied(request, week, key, more[0])
    return "", ""


def _copied(request: HttpRequest, week: Week, key: str, to: str) -> str:
    chosen = request.POST.getlist(f"{key}-to")
    others = week.copy_to_working_days(key) if to == "weekdays" else week.copy(key, chosen)
    if not others:
        return _("Tick the days that are to be like %(day)s first.") % {"day": weekday_name(key)}
    names = get_text_list([weekday_name(other) for other in others], _("and"))
    return _("%(days)s are like %(day)s now. Nothing is saved yet.") % {"days": names, "day": weekday_name(key)}


def _shown(
    request: HttpRequest,
    about: Whose,
    week: Week,
    *,
    focus: str = "",
    said: str = "",
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    days = week.days(checked=status != 200)
    errors = [("monday-enabled", message) for message in problems or ()] + [each for day in days for each in day.errors]
    own = settings_of(about.user).timezone
    context = {
        "about": about,
        "days": days,
        "errors": errors,
        "focus": focus,
        "said": said,
        "zone": own,
        "some_zone": own or zone_of(about.user),
    }
    return show(request, "own/hours", context, status)
