"""Acts that ask for a few words and a button: cancel, took place, did not come, edit, delete."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Result
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.acts.forms import DeleteForm, EditForm, NoteForm, NotesForm, ReasonForm
from meeting_manager.workspace.pages import staff_page
from meeting_manager.workspace.views.acts.visiting import Acting, act_on, attempt


@dataclass(frozen=True, slots=True)
class Simple:
    """An act with one service, and how it is asked for and told."""

    service: Callable[..., Result]
    form: type[RefusableForm]
    title: str | Promise
    effect: str | Promise
    button: str | Promise
    said: str | Promise
    is_final: bool = False


SIMPLE = {
    "cancel": Simple(
        services.cancel,
        ReasonForm,
        gettext_lazy("Cancel this booking?"),
        gettext_lazy("Everybody who takes part is told, and the time is free again. This can't be taken back."),
        gettext_lazy("Cancel the booking"),
        gettext_lazy("The booking is cancelled."),
        is_final=True,
    ),
    "complete": Simple(
        services.complete,
        NotesForm,
        gettext_lazy("Did it take place?"),
        gettext_lazy("It counts as held. You can correct that later."),
        gettext_lazy("It took place"),
        gettext_lazy("The booking is completed."),
    ),
    "no-show": Simple(
        services.mark_no_show,
        NotesForm,
        gettext_lazy("Did the customer not come?"),
        gettext_lazy(
            "It counts as a no-show. The customer may get a mail, if the type has it. You can correct that later."
        ),
        gettext_lazy("They did not come"),
        gettext_lazy("The booking is marked as a no-show."),
    ),
    "notes": Simple(
        services.note,
        NoteForm,
        gettext_lazy("Add a note"),
        gettext_lazy("For whoever looks after this booking next."),
        gettext_lazy("Add the note"),
        gettext_lazy("The note is in the history."),
    ),
}


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def simple_page(request: HttpRequest, user: User, booking: str, part: str) -> HttpResponse:
    """GET asks, POST does it."""
    acting = act_on(request, user, booking, part)
    if isinstance(acting, HttpResponse):
        return acting
    act = SIMPLE[part]
    form = act.form(request.POST if request.method == "POST" else None)

    def work() -> HttpResponse:
        act.service(booking=acting.booking, actor=user, now=acting.now, **form.cleaned_data)
        return acting.done(str(act.said))

    answer = attempt(form, work) if form.is_valid() else (422 if form.is_bound else 200)
    return answer if isinstance(answer, HttpResponse) else acting.page("simple", form, answer, act=act)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """What the booking says, to be corrected."""
    acting = act_on(request, user, booking, "edit")
    if isinstance(acting, HttpResponse):
        return acting
    form = EditForm(request.POST if request.method == "POST" else None, acting.booking)

    def work() -> HttpResponse:
        services.edit(booking=acting.booking, changes=form.changes(), actor=user, now=acting.now)
        return acting.done(_("The booking is changed."))

    answer = attempt(form, work) if form.is_valid() else (422 if form.is_bound else 200)
    return answer if isinstance(answer, HttpResponse) else acting.page("edit", form, answer)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """For System Managers: the whole record goes, but for a tombstone; asked for twice."""
    acting = act_on(request, user, booking, "delete")
    if isinstance(acting, HttpResponse):
        return acting
    form = DeleteForm(request.POST if request.method == "POST" else None, acting.booking)
    if form.is_valid():
        return _delete(acting)
    return acting.page("delete", form, 422 if form.is_bound else 200)


def _delete(acting: Acting) -> HttpResponse:
    reference = acting.booking.booking_reference
    services.delete(booking=acting.booking, actor=acting.user, now=acting.now)
    messages.success(acting.request, _("The booking %(reference)s is deleted.") % {"reference": reference})
    return redirect("account_home" if acting.back == acting.own else acting.back)
