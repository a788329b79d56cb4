"""Text messages leave here, where the site has a gateway for them (SMS_URL)."""

from pathlib import Path
from typing import Protocol

from django.conf import settings

from meeting_manager.adapters.sms.recording import RecordingGateway
from meeting_manager.adapters.sms.twilio import TwilioGateway


class SmsGateway(Protocol):
    """Whoever carries text messages."""

    def send(self, *, to: str, text: str, identity: str) -> str:
        """Hand over one message; returns the gateway's own id of it.

        `to` is a number as people type it; without a country code it is one of SMS_DEFAULT_REGION. `identity` is the
        same at every try of one message: a gateway that can sends it once. Raises RefusedError where another try would
        be pointless, else AdapterError; neither quotes the number or the text.
        """


def gateway() -> SmsGateway | None:
    """The gateway of the site; none where nobody set one up. Uses no network."""
    chosen: dict[str, str] = settings.SMS
    if not chosen:
        return None
    region: str = settings.SMS_DEFAULT_REGION
    if chosen["gateway"] == "record":
        return RecordingGateway(Path(chosen["folder"]), region=region)
    return TwilioGateway(
        chosen["account"], chosen["token"], sender=chosen["sender"], base_url=chosen["base_url"], region=region
    )
