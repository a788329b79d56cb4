"""What allauth and axes ask us about signing in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from meeting_manager.people.sealing import seal, unseal
from meeting_manager.people.services.account_mail import owe


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Accounts are made by System Managers, and links in mails lead to the site, whatever host was asked."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's own signature
        """Nobody signs up by themselves."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link to a new password, under SITE_URL: a request may claim another host."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the mail as allauth does, and have a worker send it: no request waits for a mail server."""
        known = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        owe(self.render_mail(template_prefix, email, {**known, **context}), now=timezone.now())


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Second factors are stored sealed."""

    def encrypt(self, text: str) -> str:
        """What is stored in place of a secret."""
        return seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal(encrypted_text.encode()).decode()


def attempted_account(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The account somebody tries to open, in one spelling: guesses at one account count together."""
    given = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(given).strip().lower()


def client_address(request: HttpRequest) -> str:
    """The client's address; ProxyMiddleware has seen to trusted proxies."""
    return str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """The page for those who guessed too often; whether the account exists, it does not say."""
    wait = settings.AXES_COOLOFF_TIME
    context = {"minutes": int(wait.total_seconds() // 60)}
    response = render(request, "account/locked_out.html", context, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
