"""One's own name, time zone and words about oneself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import when
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of
from meeting_manager.people.services import edit_settings, edit_user
from meeting_manager.workspace.own_forms import SettingsForm
from meeting_manager.workspace.pages import show, staff_page


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest, user: User) -> HttpResponse:
    """GET shows them, POST keeps them."""
    stored = settings_of(user)
    initial = {"full_name": user.full_name, "timezone": stored.timezone, "bio": stored.bio}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            with transaction.atomic():
                edit_user(actor=user, user=user, changes={"full_name": given.pop("full_name")})
                edit_settings(actor=user, user=user, changes=given)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your settings are saved."))
            return redirect("account_settings")
    context = {"form": form, "zones": when.zone_choices()}
    return show(request, "own/settings", context, status=422 if form.errors else 200)
