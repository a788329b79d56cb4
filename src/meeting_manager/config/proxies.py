"""Who really asked: headers of proxies count only when a trusted proxy wrote them."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class ProxyMiddleware:
    """Makes REMOTE_ADDR the client's address and the scheme the client's, and forgets what strangers claim."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Effect: changes ``request.META``; afterwards nobody need look at forwarding headers."""
        claims = {name: request.META.pop(name, "") for name in FORWARDED}
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            chain = [part.strip() for part in claims["HTTP_X_FORWARDED_FOR"].split(",") if part.strip()]
            request.META["REMOTE_ADDR"] = client_of(chain, request.META["REMOTE_ADDR"])
            if claims["HTTP_X_FORWARDED_PROTO"].strip().lower() in {"http", "https"}:
                request.META["wsgi.url_scheme"] = claims["HTTP_X_FORWARDED_PROTO"].strip().lower()
        return self._get_response(request)


def client_of(chain: list[str], nearest: str) -> str:
    """The last address in ``chain`` that no trusted proxy of ours has; ``nearest`` where there is none."""
    client = nearest
    for address in reversed(chain):
        if not _is_address(address):
            break
        client = address
        if not is_trusted(address):
            break
    return client


def is_trusted(address: str) -> bool:
    """True for the addresses of TRUSTED_PROXIES."""
    if not settings.TRUSTED_PROXIES or not _is_address(address):
        return False
    seen = ipaddress.ip_address(address)
    return any(seen in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
