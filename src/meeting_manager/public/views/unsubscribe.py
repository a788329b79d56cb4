"""Wanting no follow-ups: a page with one button, and the one click of mail programs (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meeting_manager.notifications.links import unsubscribing_address
from meeting_manager.notifications.services.unsubscribing import is_unsubscribed, subscribe_again, unsubscribe
from meeting_manager.public.pages import SeeOther, guest_page, private, show


# The link is the right, and mail programs that click for their user bring no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Opening changes nothing; the button, or a mail program's click, does, and another button takes it back."""
    address = unsubscribing_address(token)
    if address is None:
        raise Http404
    if request.method != "POST":
        is_off = is_unsubscribed(address)
        return private(show(request, "unsubscribe", {"address": address, "is_off": is_off}))
    if "again" in request.POST:
        subscribe_again(address=address)
    else:
        unsubscribe(address=address, now=timezone.now())
    return private(SeeOther(request.path))
