"""SMS_URL, read into what the gateways need."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import phonenumbers

EXPECTS = "twilio://SID:TOKEN@?from=%2B15551234567, where needed with &base=https://…, or record:"
TWILIO = "https://api.twilio.com"


def read_sms_url(url: str, folder: Path) -> dict[str, str]:
    """What `adapters.sms.gateway()` reads; `folder` is where `record:` keeps messages. Raises ValueError."""
    if url == "record:":
        return {"gateway": "record", "folder": str(folder)}
    parts = urlsplit(url)
    if parts.scheme != "twilio" or parts.hostname or not parts.username or not parts.password:
        raise ValueError
    # Whoever writes from=+1555… means a plus, not the blank that it stands for in forms.
    options = dict(parse_qsl(parts.query.replace("+", "%2B")))
    sender, base_url = options.pop("from", ""), options.pop("base", TWILIO)
    if options or not sender:
        raise ValueError
    return {
        "gateway": "twilio",
        "account": unquote(parts.username),
        "token": unquote(parts.password),
        "sender": sender,
        "base_url": _web_address(base_url),
    }


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError
    return url.rstrip("/")


def read_region(code: str) -> str:
    """A region of the phone system. Raises ValueError."""
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError
    return code.upper()
