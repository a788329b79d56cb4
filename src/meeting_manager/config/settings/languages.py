"""Which languages the site speaks."""

from meeting_manager.config.env import env
from meeting_manager.config.settings.base import PACKAGE_DIR
from meeting_manager.config.settings.security import IS_HTTPS, YEAR_SECONDS

LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("da", "Dansk")]
"""Code and own name of each; everything but English has a catalogue in `locale/`, see `scripts/messages`."""

LANGUAGE_CODE: str = env.choice(
    "SITE_LANGUAGE",
    "en",
    "The language of mails to staff, and of pages for visitors whose browser asks for none of the site's languages.",
    among=tuple(code for code, _name in LANGUAGES),
)

USE_I18N = True
LOCALE_PATHS = [PACKAGE_DIR / "locale"]

LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = YEAR_SECONDS
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
