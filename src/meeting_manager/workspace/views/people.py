"""People: listed, invited, read about, edited."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.departments.rules import manages_some
from meeting_manager.people import queries, services
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_invited, is_system_manager, may_read_account
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.calendars import calendars_of, count_failing
from meeting_manager.workspace.pages import managers_page, show, staff_page, system_page, zone_of
from meeting_manager.workspace.paging import page_of
from meeting_manager.workspace.people import is_last_manager, list_of, person_of, persons_of, to_come, with_departments
from meeting_manager.workspace.people_forms import InviteForm, PeopleFilterForm, PersonForm
from meeting_manager.workspace.setup_forms import changes_of, initial_of
from meeting_manager.workspace.views.departments import done

PERSON = "workspace_person"
NEXT_BOOKINGS = 5
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@managers_page
@require_safe
def list_page(request: HttpRequest, user: User) -> HttpResponse:
    """Those whom one sees."""
    form = PeopleFilterForm(request.GET, user)
    asked = form.asked()
    page = page_of(request, list_of(user, **asked))
    context = {
        "form": form,
        "page": page,
        "people": persons_of(page.rows),
        "may_invite": is_system_manager(user),
        "is_narrowed": any(asked.values()),
    }
    return show(request, "people/list", context)


@staff_page
@require_safe
def person_page(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Somebody's name and departments; for themselves, their leaders and System Managers also what comes next."""
    pk = queries.get_for(user, email).pk
    found = with_departments(User.objects.filter(pk=pk), user).get()
    context: dict[str, object] = {
        "person": person_of(found),
        "is_invited": is_invited(found),
        "may_edit": is_system_manager(user),
        "may_list": manages_some(user),
        "may_read": may_read_account(user, found),
    }
    if context["may_read"]:
        context |= _what_comes(user, found)
    return show(request, "people/person", context)


@system_page
@_READ_OR_SEND
def invite_page(request: HttpRequest, user: User) -> HttpResponse:
    """A new account, and a mail to whom it is for."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and done(form, lambda: invite(user, form)):
        told = _("%(email)s gets a mail with a link to choose a password.")
        messages.success(request, told % {"email": form.cleaned_data["email"]})
        return redirect("workspace_people")
    return show(request, "people/invite", {"form": form}, _status(form))


@system_page
@_READ_OR_SEND
def edit_page(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """The name of somebody, and whether they are a System Manager."""
    found = queries.get_for(user, email)
    initial = initial_of(found, PersonForm.base_fields)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if is_last_manager(found):
        form.fields["is_system_manager"].help_text = _("Nobody else is one, so this stays until somebody else is.")
    if form.is_bound and form.is_valid() and done(form, lambda: _edit(user, found, form)):
        messages.success(request, _("Saved."))
        return redirect(PERSON, found.email)
    return show(request, "people/edit", {"form": form, "person": found}, _status(form))


@system_page
@require_POST
def again_page(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Send the invitation once more."""
    found = queries.get_for(user, email)
    try:
        services.invite_again(actor=user, user=found, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(PERSON, found.email)
    messages.success(request, _("The invitation is on its way once more."))
    return redirect(PERSON, found.email)


def invite(user: User, form: InviteForm) -> User:
    """Whom the form names, with an account and a mail. Raises ValidationError."""
    return services.invite_user(actor=user, now=timezone.now(), **form.cleaned_data)


def _what_comes(user: User, person: User) -> dict[str, object]:
    """How somebody's calendars are, and their next bookings, as far as `user` sees them."""
    calendars = calendars_of(person)
    return {
        "calendars": len(calendars),
        "failing": count_failing(calendars),
        "bookings": to_come(user, person, timezone.now())[:NEXT_BOOKINGS],
        "zone": zone_of(user),
    }


def _edit(user: User, person: User, form: PersonForm) -> User:
    return services.edit_user(actor=user, user=person, changes=changes_of(form, person))


def _status(form: RefusableForm) -> int:
    return 422 if form.is_bound and form.errors else 200
