"""A member's private calendar of what they host, read by programs that know its address and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from meeting_manager.bookings.invitation import feed, feed_version
from meeting_manager.people.languages import current_tag, speaking, tag_of
from meeting_manager.people.models import User
from meeting_manager.people.queries import user_for_feed
from meeting_manager.public.pages import guest_page, private
from meeting_manager.web import limits
from meeting_manager.web.limits import client_of


@require_safe
@guest_page
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, or 304 where the program has it; 404 for an address that is none, or none any more.

    A right address costs nothing and always works. A wrong one counts as a look-up of the client only, not as a miss
    of all: it is far too long to be guessed, and programs go on asking for years for what was switched off.
    """
    user = user_for_feed(token)
    if user is None:
        limits.count_lookup(client=client_of(request), now=timezone.now())
        return private(render(request, "404.html", status=404))
    with speaking(tag_of(user)):
        return _answer(request, user)


def _answer(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    etag = quote_etag(feed_version(user, now))
    response = get_conditional_response(request, etag=etag) or HttpResponse(feed(user, now))
    headers = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'attachment; filename="meetings.ics"',
        "Content-Language": current_tag(),
        "Cache-Control": "private, no-cache",
        "ETag": etag,
        "X-Robots-Tag": "noindex",
    }
    for name, value in headers.items():
        response[name] = value
    return response
