"""How text messages leave the house."""

from meeting_manager.config.env import env
from meeting_manager.config.settings.base import DATA_DIR
from meeting_manager.config.sms_url import EXPECTS, read_region, read_sms_url

SMS: dict[str, str] = env.read(
    "SMS_URL",
    lambda url: read_sms_url(url, DATA_DIR / "sms"),
    {},
    EXPECTS,
    "How text messages are sent; without it none are, and reminders go by mail. record: keeps them in DATA_DIR/sms.",
    shown_default="",
    private=True,
)
SMS_DEFAULT_REGION: str = env.read(
    "SMS_DEFAULT_REGION",
    read_region,
    "",
    "a region of two letters, such as DE or US",
    "The country of phone numbers that were typed without a country code; without it they get no text messages.",
)
