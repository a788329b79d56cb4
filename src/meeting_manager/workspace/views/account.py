"""One's own account: who one is here, and one's tokens."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.departments.queries import led_by, member_departments
from meeting_manager.people.models import User
from meeting_manager.people.queries import tokens_of
from meeting_manager.people.services import create_token, revoke_token
from meeting_manager.workspace.calendars import calendars_of, count_failing
from meeting_manager.workspace.forms import TokenForm
from meeting_manager.workspace.outbox import is_outbox_used


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in, with which roles."""
    user = cast("User", request.user)
    calendars = calendars_of(user)
    context = {
        "calendars": len(calendars),
        "failing": count_failing(calendars),
        "led": led_by(user),
        "departments": member_departments(user),
        "outbox_is_used": user.is_system_manager and is_outbox_used(),
    }
    return render(request, "workspace/account.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens there are; a new one is shown in the answer to its form and never again."""
    user = cast("User", request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    created = ""
    if form.is_bound and form.is_valid():
        created = _create(user, form)
    context = {"tokens": tokens_of(user), "form": form if form.errors else TokenForm(), "created": created}
    return render(request, "workspace/tokens.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Close one of one's own tokens."""
    user = cast("User", request.user)
    revoke_token(actor=user, token=get_object_or_404(tokens_of(user), pk=number), now=timezone.now())
    return redirect("account_tokens")


def _create(user: User, form: TokenForm) -> str:
    try:
        _, text = create_token(actor=user, user=user, label=form.cleaned_data["label"], now=timezone.now())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return ""
    return text
