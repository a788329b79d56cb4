"""One's bookings in one's calendar: the address of the private feed, renewed and switched off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meeting_manager.people.feeds import address_of
from meeting_manager.people.models import User
from meeting_manager.people.queries import feed_of
from meeting_manager.people.services import make_feed, switch_feed_off
from meeting_manager.workspace.pages import show, staff_page, zone_of


@staff_page
@require_safe
def feed_page(request: HttpRequest, user: User) -> HttpResponse:
    """Whether one's feed is on, and its address on demand."""
    feed = feed_of(user)
    context = {"feed": feed, "address": address_of(feed.key) if feed else "", "zone": zone_of(user)}
    return show(request, "feed", context)


@staff_page
@require_POST
def make_page(request: HttpRequest, user: User) -> HttpResponse:
    """Switch one's feed on, or give it a new address."""
    was_on = feed_of(user) is not None
    make_feed(actor=user, user=user, now=timezone.now())
    told = _("The address is new; the old one no longer works.") if was_on else _("Your calendar address is ready.")
    messages.success(request, told)
    return redirect("account_feed")


@staff_page
@require_POST
def off_page(request: HttpRequest, user: User) -> HttpResponse:
    """Switch one's feed off."""
    switch_feed_off(actor=user, user=user)
    messages.success(request, _("The address is switched off and no longer works."))
    return redirect("account_feed")
