"""What staff do on pages, in short: sign in, open, read."""

import re
from html import unescape
from typing import TYPE_CHECKING

from django.test import Client

from meeting_manager.people.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User | None, *, checks_csrf: bool = False) -> Client:
    """A browser in which `user` is signed in; nobody, where there is none."""
    client = Client(enforce_csrf_checks=checks_csrf)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def text(response: "Response") -> str:
    """What the page says, without markup and with single blanks."""
    page = re.sub(r"<(script|style|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
