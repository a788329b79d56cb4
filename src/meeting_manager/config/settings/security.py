"""Keys, cookies, headers, passwords."""

import ipaddress
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from meeting_manager.config.env import env
from meeting_manager.config.secret_files import kept_secret
from meeting_manager.config.settings.base import DATA_DIR, SITE_URL

SHORTEST_KEY = 32
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
YEAR_SECONDS = 365 * 24 * 3600


def secret(name: str) -> str:
    """The secret kept under ``name`` in DATA_DIR/secrets, made at the first call."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return kept_secret(DATA_DIR / "secrets", name)


def _key(name: str, file: str, explanation: str) -> str:
    def parse(given: str) -> str:
        if len(given) < SHORTEST_KEY:
            raise ValueError("it is too short")
        return given

    expects = f"at least {SHORTEST_KEY} random characters"
    made = f"made at the first start, kept in DATA_DIR/secrets/{file}"
    return env.read(name, parse, "", expects, explanation, shown_default=made, private=True) or secret(file)


def _network(given: str) -> str:
    return str(ipaddress.ip_network(given, strict=False))


def _networks(given: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    if given.lower() == "off":
        return ()
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in given.split(",") if part.strip())


SECRET_KEY = _key("SECRET_KEY", "secret-key", "Signs sessions and forms; the same on every machine of a site.")
LINK_KEY = _key(
    "LINK_KEY",
    "link-key",
    "Signs the links in mails to customers and the addresses of calendars; the same on every machine of a site.",
)
SEAL_KEY = _key(
    "SEAL_KEY", "seal-key", "Encrypts second factors and calendar credentials; the same on every machine of a site."
)
SEAL_KEY_FOLDER = None if env.is_set("SEAL_KEY") else DATA_DIR / "secrets"
"""Where the keys are that seal, if they are files of ours; then processes that run learn of a new one."""
SEAL_KEYS_OLD: tuple[str, ...] = env.read(
    "SEAL_KEYS_OLD",
    lambda given: tuple(part.strip() for part in given.split(",") if part.strip()),
    (),
    "keys separated by commas",
    "Former values of SEAL_KEY, which still open what they sealed; see Secrets.",
    shown_default="none",
    private=True,
)

IS_HTTPS = SITE_URL.startswith("https://")
_host = urlsplit(SITE_URL).hostname or ""

ALLOWED_HOSTS: list[str] = list(
    env.words(
        "ALLOWED_HOSTS",
        (_host, *LOOPBACK_NAMES),
        "Names under which the site answers; anything else is refused with 400.",
        expects="host names separated by commas",
        shown_default="the host of SITE_URL, and loopback",
    )
)
TRUSTED_PROXIES: tuple[str, ...] = env.words(
    "TRUSTED_PROXIES",
    (),
    "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; without any, no such header is.",
    parse_one=_network,
    expects="IP addresses or networks separated by commas, such as 10.0.0.0/8",
    shown_default="none",
)

ALLOW_PRIVATE_ADDRESSES: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = env.read(
    "ALLOW_PRIVATE_ADDRESSES",
    _networks,
    (),
    "off, or IP addresses or networks separated by commas, such as 10.0.0.0/8",
    "Private networks in which calendars may lie that people connect; others are never fetched from.",
    shown_default="off",
)

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
_hsts_seconds = env.integer(
    "HSTS_SECONDS",
    YEAR_SECONDS,
    "How long browsers insist on https once they saw it (Strict-Transport-Security); only where SITE_URL is https.",
    low=0,
    high=2 * YEAR_SECONDS,
)
SECURE_HSTS_SECONDS = _hsts_seconds if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
