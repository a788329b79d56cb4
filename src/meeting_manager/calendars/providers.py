"""Google and Microsoft as this site is set up to know them."""

from django.conf import settings

from meeting_manager.adapters.calendar.oauth import Provider
from meeting_manager.calendars.choices import IntegrationType

SLUGS = {IntegrationType.GOOGLE: "google", IntegrationType.OUTLOOK: "outlook"}
"""How they are called in addresses of ours."""


def provider_of(kind: str) -> Provider | None:
    """Who signs in the owner of calendars of this kind; none where this site has no client there."""
    match kind:
        case IntegrationType.GOOGLE if settings.GOOGLE_CLIENT_ID:
            return _google()
        case IntegrationType.OUTLOOK if settings.MICROSOFT_CLIENT_ID:
            return _microsoft()
    return None


def _google() -> Provider:
    return Provider(
        name="Google",
        authorize_url=settings.GOOGLE_SIGNIN_URL,
        token_url=f"{settings.GOOGLE_TOKEN_URL}/token",
        revoke_url=f"{settings.GOOGLE_TOKEN_URL}/revoke",
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
        scopes=(
            "https://www.googleapis.com/auth/calendar.events",
            "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
        ),
        # Without these Google gives no refresh token, or only the first time.
        parameters=(("access_type", "offline"), ("prompt", "consent")),
    )


def _microsoft() -> Provider:
    base = f"{settings.MICROSOFT_SIGNIN_URL}/{settings.MICROSOFT_TENANT}/oauth2/v2.0"
    return Provider(
        name="Microsoft",
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url="",  # there is none: members take it back in their account, and we forget what we have
        client_id=settings.MICROSOFT_CLIENT_ID,
        client_secret=settings.MICROSOFT_CLIENT_SECRET,
        scopes=("offline_access", "User.Read", "Calendars.ReadWrite"),
    )
