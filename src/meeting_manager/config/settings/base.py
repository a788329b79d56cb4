"""What the site is: its applications, pages, places on disk and time zone."""

import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from meeting_manager.config.env import env, path_in

PACKAGE_DIR = Path(__file__).resolve().parents[2]


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError
    return name


def _site_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.path.strip("/"):
        raise ValueError
    return url.rstrip("/")


DATA_DIR: Path = env.read(
    "DATA_DIR",
    path_in(Path.cwd()),
    Path("var").resolve(),
    "the path of a folder",
    "Everything the product writes: database, secrets, mail as files, uploads. Relative to where the command is run.",
    shown_default="var",
)
PORT: int = env.integer("PORT", 8000, "The port that `serve` listens on.", low=1, high=65535)
SITE_URL: str = env.read(
    "SITE_URL",
    _site_url,
    f"http://127.0.0.1:{PORT}",
    "an address such as https://meet.example.com, without a path",
    "The address under which people reach the site; links in mails begin with it, and https turns secure cookies on.",
    shown_default="http://127.0.0.1:PORT",
)
SITE_NAME: str = env.text("SITE_NAME", "Meeting Manager", "The name shown in page titles and mails.")
SITE_TIME_ZONE: str = env.read(
    "TIME_ZONE",
    _zone,
    "UTC",
    "the name of an IANA time zone, such as Europe/Berlin",
    "The time zone that new departments get; everything is stored in UTC whatever it is.",
)
DEBUG: bool = env.flag("DEBUG", default=False, help="Error pages show the inside of the program; for development only.")

INSTALLED_APPS = [
    "meeting_manager.config.apps.Config",
    "meeting_manager.api.apps.ApiConfig",
    "meeting_manager.demo.apps.DemoConfig",
    "meeting_manager.public.apps.PublicConfig",
    "meeting_manager.workspace.apps.WorkspaceConfig",
    "meeting_manager.web.apps.WebConfig",
    "meeting_manager.calendars.apps.CalendarsConfig",
    "meeting_manager.notifications.apps.NotificationsConfig",
    "meeting_manager.bookings.apps.BookingsConfig",
    "meeting_manager.availability.apps.AvailabilityConfig",
    "meeting_manager.departments.apps.DepartmentsConfig",
    "meeting_manager.people.apps.PeopleConfig",
    "meeting_manager.names.apps.NamesConfig",
    "meeting_manager.ledger.apps.LedgerConfig",
    "meeting_manager.busy.apps.BusyConfig",
    "ninja",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]

MIDDLEWARE = [
    "meeting_manager.config.bodies.ReadBodyMiddleware",
    "meeting_manager.config.compression.PageCompressionMiddleware",
    "meeting_manager.config.logs.RequestLogMiddleware",
    "meeting_manager.config.health.HealthMiddleware",
    "meeting_manager.config.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "meeting_manager.web.languages.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "meeting_manager.config.outages.OutageMiddleware",
]

AUTH_USER_MODEL = "people.User"
ROOT_URLCONF = "meeting_manager.config.urls"
WSGI_APPLICATION = "meeting_manager.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

USE_TZ = True
TIME_ZONE = "UTC"
"""Django's own zone; the site's is SITE_TIME_ZONE."""

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "meeting_manager.config.static_files.GatheredStorage"},
}
WHITENOISE_USE_FINDERS = True
