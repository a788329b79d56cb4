"""Connected calendars."""

from urllib.parse import urlsplit

from meeting_manager.config.env import env

CALENDAR_STALE_HOURS: int = env.integer(
    "CALENDAR_STALE_HOURS",
    24,
    "So long a calendar may go unread before its owner is told, once a day; after three times that the admins are too.",
    low=1,
    high=720,
)

CALENDAR_PUSH: bool = env.flag(
    "CALENDAR_PUSH",
    default=True,
    help="Have Google and Outlook tell at once that a calendar changed; only where SITE_URL is https and no loopback.",
)


def _base(name: str, default: str, explanation: str) -> str:
    def parse(given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("it is no address")
        return given.rstrip("/")

    return env.read(name, parse, default, "an address that begins with https://", explanation)


GOOGLE_CLIENT_ID: str = env.text(
    "GOOGLE_CLIENT_ID",
    "",
    "As whom this site is known to Google; with its secret, members can connect Google Calendar.",
)
GOOGLE_CLIENT_SECRET: str = env.read(
    "GOOGLE_CLIENT_SECRET", str, "", "text", "The secret of GOOGLE_CLIENT_ID.", shown_default="", private=True
)
GOOGLE_API_URL = _base("GOOGLE_API_URL", "https://www.googleapis.com/calendar/v3", "Where Google Calendar answers.")
GOOGLE_SIGNIN_URL = _base(
    "GOOGLE_SIGNIN_URL", "https://accounts.google.com/o/oauth2/v2/auth", "Where members let us in at Google."
)
GOOGLE_TOKEN_URL = _base(
    "GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com", "Where Google's tokens are had and ended."
)
MICROSOFT_CLIENT_ID: str = env.text(
    "MICROSOFT_CLIENT_ID", "", "As whom this site is known to Microsoft; with its secret, members can connect Outlook."
)
MICROSOFT_CLIENT_SECRET: str = env.read(
    "MICROSOFT_CLIENT_SECRET", str, "", "text", "The secret of MICROSOFT_CLIENT_ID.", shown_default="", private=True
)
MICROSOFT_TENANT: str = env.text(
    "MICROSOFT_TENANT", "common", "Whose accounts may be connected: a tenant's id or domain, organizations, or common."
)
MICROSOFT_API_URL = _base("MICROSOFT_API_URL", "https://graph.microsoft.com/v1.0", "Where Microsoft Graph answers.")
MICROSOFT_SIGNIN_URL = _base(
    "MICROSOFT_SIGNIN_URL", "https://login.microsoftonline.com", "Where members let us in at Microsoft."
)


def _room(given: str) -> str:
    if given.lower() == "off":
        return ""
    if not given.startswith(("https://", "http://")) or "{room}" not in given:
        raise ValueError("it names no room")
    return given


JITSI_URL: str = env.read(
    "JITSI_URL",
    _room,
    "https://meet.jit.si/{room}",
    "an address with {room} in it, or off",
    "Where bookings whose type meets at Jitsi get a room of their own, unless the type has a link.",
)
