"""Personal data: what is known of an address, as a file, and erased. Addresses are posted, so no log keeps them."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meeting_manager.bookings.errors import Conflict
from meeting_manager.people.models import User
from meeting_manager.web.privacy.erasing import Done, erase
from meeting_manager.web.privacy.exporting import as_text, export
from meeting_manager.workspace.pages import show, system_page, zone_of
from meeting_manager.workspace.privacy import AddressForm, EraseForm, Known, counted, known_of

ERASE_ID = "erase_%s"
"""Two forms of the page have an address."""


@system_page
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_page(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for an address; posted, say what is known of it, and what may be done."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _show(request, user, form)
    if not form.is_valid():
        return _show(request, user, form, status=422)
    return _show(request, user, form, known_of(user, form.cleaned_data["email"], timezone.now()))


@system_page
@require_POST
def export_page(request: HttpRequest, user: User) -> HttpResponse:
    """Everything about the address as a file."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, user, form, status=422)
    now = timezone.now()
    text = as_text(export(actor=user, email=form.cleaned_data["email"], now=now))
    name = f"personal-data-{now:%Y%m%d-%H%M%S}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@system_page
@require_POST
def erase_page(request: HttpRequest, user: User) -> HttpResponse:
    """Erase, if the address was typed once more; else say what is missing."""
    asked, form = AddressForm(request.POST), EraseForm(request.POST, auto_id=ERASE_ID)
    now = timezone.now()
    if not asked.is_valid():
        return _show(request, user, asked, status=422)
    address = asked.cleaned_data["email"]
    if form.is_valid():
        try:
            done = erase(actor=user, email=address, now=now, also_cancel=form.cleaned_data["also_cancel"])
        except Conflict as error:
            form.refuse_on_top(str(error))
        except ValidationError as error:
            form.refuse(error)
        else:
            _tell(request, done)
            return redirect("workspace_privacy")
    return _show(request, user, asked, known_of(user, address, now), form, status=422)


def _tell(request: HttpRequest, done: Done) -> None:
    told = ", ".join(counted(done)) or _("nothing was left of this address")
    messages.success(request, _("Erased: %(what)s.") % {"what": told})
    if done.cancelled:
        text = ngettext("%(count)d meeting was cancelled.", "%(count)d meetings were cancelled.", done.cancelled)
        messages.success(request, text % {"count": done.cancelled})
    if done.sending:
        messages.warning(request, _("A message was on its way just now. Please erase the address again in a minute."))


def _show(
    request: HttpRequest,
    user: User,
    form: AddressForm,
    known: Known | None = None,
    erase_form: EraseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "erase_form": erase_form or (EraseForm(initial={"email": known.address}, auto_id=ERASE_ID) if known else None),
        "retention": settings.RETENTION_DAYS,
        "zone": zone_of(user),
    }
    return show(request, "privacy/privacy", context, status)
