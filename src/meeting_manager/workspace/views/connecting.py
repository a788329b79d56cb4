"""Connecting calendars step by step: the kind, letting us in, the choice. Nothing is stored before it was tried."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.adapters.calendar.errors import AuthRevokedError
from meeting_manager.adapters.calendar.protocol import CalendarChoice
from meeting_manager.adapters.errors import AdapterError
from meeting_manager.calendars.access import Access, account_kinds
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.providers import SLUGS, provider_of
from meeting_manager.calendars.services import create_integration, edit_integration
from meeting_manager.calendars.services.connecting import (
    Offer,
    connect_account,
    reconnect,
    test_caldav,
    test_feed,
)
from meeting_manager.people.models import User
from meeting_manager.workspace import keeping
from meeting_manager.workspace.calendar_forms import AddressForm, CalDAVForm, ChooseForm, FeedForm, PasswordForm
from meeting_manager.workspace.keeping import FOUND
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.views.calendars import own

READ, WRITE = ["GET", "HEAD"], "POST"


@staff_page
@require_safe
def kinds_page(request: HttpRequest, _user: User) -> HttpResponse:
    """What kinds of calendars there are to connect."""
    known = account_kinds()
    context = {
        "google": IntegrationType.GOOGLE in known and provider_of(IntegrationType.GOOGLE),
        "outlook": IntegrationType.OUTLOOK in known and provider_of(IntegrationType.OUTLOOK),
        "slugs": SLUGS,
        "caldav": IntegrationType.CALDAV in known,
    }
    return show(request, "calendar_kinds", context)


@staff_page
@require_http_methods([*READ, WRITE])
def caldav_page(request: HttpRequest, _user: User) -> HttpResponse:
    """An account on a CalDAV server; POST tries it, and leads to the choice of its calendars."""
    form = CalDAVForm(request.POST if request.method == WRITE else None)
    if form.is_bound:
        offer = _offer_of(form, form.data.get("url", ""))
        if offer is not None:
            keep_offer(request, offer, timezone.now())
            return redirect("account_calendars_choose")
    return show(request, "calendar_caldav", {"form": form}, 422 if form.is_bound else 200)


@staff_page
@require_http_methods([*READ, WRITE])
def feed_page(request: HttpRequest, user: User) -> HttpResponse:
    """An iCal feed by its address; POST tries it, and connects it."""
    form = FeedForm(request.POST if request.method == WRITE else None)
    now = timezone.now()
    if form.is_bound and _is_feed(form, user, now) and _connect_feed(form, user, now):
        messages.success(request, _("The feed is connected, and read within a minute."))
        return redirect("account_calendars")
    return show(request, "calendar_feed", {"form": form}, 422 if form.is_bound else 200)


@staff_page
@require_http_methods([*READ, WRITE])
def choose_page(request: HttpRequest, user: User) -> HttpResponse:
    """Which calendars of the account that let us in; POST connects them, or lets one in anew."""
    kept = keeping.look(request.session, FOUND, timezone.now())
    if kept is None:
        messages.error(request, _("What was begun is no longer known. Please connect the calendar once more."))
        return redirect("account_calendars_connect")
    offer = Offer.of(kept["offer"])
    if kept["calendar"]:
        return _let_in_anew(request, user, own(user, kept["calendar"]), offer)
    known = _known_of(user, offer)
    fresh = [each for each in offer.choices if each.id not in {row.calendar_id for row in known}]
    if known and not fresh:
        return _let_in_anew(request, user, known[0], offer)
    return _choose(request, user, offer, fresh, known)


@staff_page
@require_http_methods([*READ, WRITE])
def reconnect_page(request: HttpRequest, user: User, calendar: str) -> HttpResponse:
    """Let a calendar in anew: by a new password, a new address, or a new consent."""
    found = own(user, calendar)
    match found.integration_type:
        case IntegrationType.CALDAV:
            return _new_password(request, user, found)
        case IntegrationType.ICAL:
            return _new_address(request, user, found)
    context = {"calendar": found, "provider": provider_of(found.integration_type)}
    return show(request, "calendar_consent", {**context, "slug": SLUGS[IntegrationType(found.integration_type)]})


def keep_offer(request: HttpRequest, offer: Offer, now: datetime, calendar: str = "") -> None:
    """Keep the account for the next step; `calendar` is the one that is to be let in anew."""
    keeping.keep(request.session, FOUND, {"offer": offer.kept(), "calendar": calendar}, now)


def _offer_of(form: CalDAVForm, url: str) -> Offer | None:
    """The account that the form opens; where there is none the form says why."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return test_caldav(url=url, username=given["username"], password=given["password"])
    except ValidationError as error:
        form.refuse(error)
    except AdapterError as error:
        form.refuse_source(error)
    return None


def _is_feed(form: AddressForm, user: User, now: datetime) -> bool:
    if not form.is_valid():
        return False
    try:
        test_feed(url=form.cleaned_data["ical_url"], zone=zone_of(user), now=now)
    except ValidationError as error:
        form.refuse(error)
    except AdapterError as error:
        form.refuse_source(error)
    return not form.errors


def _connect_feed(form: FeedForm, user: User, now: datetime) -> bool:
    fields = {
        **form.cleaned_data,
        "integration_type": str(IntegrationType.ICAL),
        "sync_direction": str(SyncDirection.ONE_WAY),
    }
    try:
        create_integration(actor=user, user=user, fields=fields, now=now)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _known_of(user: User, offer: Offer) -> list[CalendarIntegration]:
    rows = CalendarIntegration.objects.filter(user=user, integration_type=offer.kind, account=offer.account)
    return list(rows.select_related("user").defer("credentials", "sync_cursor"))


def _choose(
    request: HttpRequest,
    user: User,
    offer: Offer,
    fresh: list[CalendarChoice],
    known: list[CalendarIntegration],
) -> HttpResponse:
    form = ChooseForm(request.POST if request.method == WRITE else None, fresh, initial=_suggested(user, fresh))
    if form.is_bound and _connect(request, user, offer, form):
        return redirect("account_calendars")
    context = {"form": form, "offer": offer, "known": known, "fresh": fresh}
    return show(request, "calendar_choose", context, 422 if form.is_bound else 200)


def _suggested(user: User, fresh: list[CalendarChoice]) -> dict[str, object]:
    """The account's main calendar, or the first that can be written, which gets the bookings where nothing does yet."""
    by_rank = sorted(fresh, key=lambda each: (not each.is_primary, not each.is_writable))
    main = next(iter(by_rank), None)
    if main is None:
        return {"bookings": ""}
    has_primary = CalendarIntegration.objects.filter(user=user, is_active=True, is_primary=True).exists()
    gets = main.is_writable and not has_primary
    return {"calendars": [main.id], "bookings": main.id if gets else ""}


def _connect(request: HttpRequest, user: User, offer: Offer, form: ChooseForm) -> bool:
    if not form.is_valid():
        return False
    try:
        connect_account(actor=user, user=user, offer=offer, chosen=form.chosen(), now=timezone.now())
    except ValidationError as error:
        form.refuse(error)
        return False
    keeping.forget(request.session, FOUND)
    messages.success(request, _("Connected. What is in it makes you busy within a minute."))
    return True


def _let_in_anew(request: HttpRequest, user: User, calendar: CalendarIntegration, offer: Offer) -> HttpResponse:
    problem = ""
    if request.method == WRITE:
        problem = _reconnect(user, calendar, offer)
        if not problem:
            keeping.forget(request.session, FOUND)
            messages.success(request, _("The calendar is connected anew, and read at once."))
            return redirect("account_calendars")
    context = {"calendar": calendar, "offer": offer, "problem": problem}
    return show(request, "calendar_anew", context, 422 if problem else 200)


def _reconnect(user: User, calendar: CalendarIntegration, offer: Offer) -> str:
    """Let the calendar in; returns why that was refused."""
    try:
        reconnect(actor=user, integration=calendar, offer=offer, now=timezone.now())
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _new_password(request: HttpRequest, user: User, calendar: CalendarIntegration) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == WRITE else None, initial={"username": _username(calendar)})
    if form.is_bound:
        offer = _offer_of(form, calendar.calendar_id)
        problem = _reconnect(user, calendar, offer) if offer else ""
        if problem:
            form.refuse_on_top(problem)
        if not form.errors:
            messages.success(request, _("The calendar is connected anew, and read at once."))
            return redirect("account_calendars")
    return show(request, "calendar_password", {"calendar": calendar, "form": form}, 422 if form.is_bound else 200)


def _username(calendar: CalendarIntegration) -> str:
    """With which we sign in there now; where that cannot be read any more, how the account is called."""
    try:
        return str(Access.of(calendar).opened().get("username", ""))
    except AuthRevokedError:
        return calendar.account


def _new_address(request: HttpRequest, user: User, calendar: CalendarIntegration) -> HttpResponse:
    form = AddressForm(request.POST if request.method == WRITE else None)
    now = timezone.now()
    if form.is_bound and _is_feed(form, user, now):
        edit_integration(actor=user, integration=calendar, changes=form.cleaned_data, now=now)
        messages.success(request, _("The calendar is connected anew, and read at once."))
        return redirect("account_calendars")
    return show(request, "calendar_address", {"calendar": calendar, "form": form}, 422 if form.is_bound else 200)
