"""Being let in by Google or Microsoft: the way there, and the way back, which changes nothing that is stored."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from meeting_manager.adapters.errors import AdapterError
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.providers import SLUGS, provider_of
from meeting_manager.calendars.services.connecting import Offer, begin_consent, end_consent
from meeting_manager.people.models import User
from meeting_manager.workspace import keeping
from meeting_manager.workspace.keeping import CONSENT
from meeting_manager.workspace.pages import show, staff_page
from meeting_manager.workspace.views.calendars import own
from meeting_manager.workspace.views.connecting import keep_offer

_KINDS = {slug: kind for kind, slug in SLUGS.items()}


@staff_page
@require_POST
def begin_page(request: HttpRequest, user: User, provider: str) -> HttpResponse:
    """Lead to the provider. A page with a link, since the content policy lets no form of ours lead to other sites."""
    kind = _kind(provider)
    calendar = request.POST.get("calendar", "")
    if calendar:
        own(user, calendar)
    now = timezone.now()
    try:
        address, pending = begin_consent(kind=kind, redirect=_redirect(provider), now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("account_calendars_connect")
    keeping.keep(request.session, CONSENT, {"pending": pending, "calendar": calendar}, now)
    return show(request, "calendar_leave", {"address": address, "provider": provider_of(kind)})


@staff_page
@require_safe
def back_page(request: HttpRequest, _user: User, provider: str) -> HttpResponse:
    """The answer of the provider: what lets us in is kept in the session until its calendars are chosen."""
    kind = _kind(provider)
    now = timezone.now()
    kept = keeping.take(request.session, CONSENT, now) or {"pending": None, "calendar": ""}
    try:
        offer = _offer(request, kind, kept["pending"], now)
    except ValidationError as error:
        return _refused(request, " ".join(error.messages))
    except AdapterError as error:
        return _refused(request, str(error))
    keep_offer(request, offer, now, kept["calendar"])
    return redirect("account_calendars_choose")


def _offer(request: HttpRequest, kind: IntegrationType, pending: dict[str, object] | None, now: datetime) -> Offer:
    asked = {word: request.GET.get(word, "") for word in ("state", "code", "error")}
    is_of_kind = pending is not None and pending["kind"] == kind
    return end_consent(pending=pending if is_of_kind else None, now=now, **asked)


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return show(request, "calendar_refused", {"why": why}, 422)


def _kind(slug: str) -> IntegrationType:
    if slug not in _KINDS:
        raise Http404
    return _KINDS[slug]


def _redirect(slug: str) -> str:
    """The address that the provider knows, to the letter."""
    return f"{settings.SITE_URL}{reverse('account_calendars_back', args=[slug])}"
