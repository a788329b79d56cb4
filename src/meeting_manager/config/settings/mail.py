"""How mail leaves the house."""

from meeting_manager.config.email_url import EXPECTS, read_email_url, to_files
from meeting_manager.config.env import env
from meeting_manager.config.settings.base import DATA_DIR, SITE_NAME, SITE_URL

globals().update(
    env.read(
        "EMAIL_URL",
        read_email_url,
        to_files(DATA_DIR / "outbox"),
        EXPECTS,
        "How mail is sent; without it, mail is written as files into DATA_DIR/outbox.",
        shown_default="file:///DATA_DIR/outbox",
        private=True,
    )
)

DEFAULT_FROM_EMAIL: str = env.text(
    "EMAIL_FROM",
    f"{SITE_NAME} <noreply@{SITE_URL.split('//')[1].split(':')[0]}>",
    "The sender of all mail.",
    shown_default="SITE_NAME <noreply@host of SITE_URL>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
