"""A real SMTP server for tests, which can also be a bad one."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.site import free_port


class MailServer:
    """Takes mail on a port of its own; while `stop`ped nobody listens there.

    `refuse` holds what it says to recipients (address → reply), `verdict` what it says after DATA. `drop_after_data`
    so many connections, once the message was taken; `delay` seconds before it answers DATA.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.verdict = "250 Taken"
        self.drop_after_data = 0
        self.delay = 0.0
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # else every line of every session
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be gone."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 Welcome"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay)
        if self.verdict.startswith("250"):
            self._keep(envelope)
        if self.drop_after_data:
            self.drop_after_data -= 1
            transport: Any = server.transport
            transport.abort()
        return self.verdict

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.received.append(parsed)

    def to(self, address: str) -> list[EmailMessage]:
        """What came for an address, oldest first."""
        return [message for message in self.received if address in str(message["To"])]


@contextmanager
def sending_to(server: MailServer) -> Iterator[None]:
    """Have this process send its mail to the server."""
    from django.test import override_settings

    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=server.port,
        EMAIL_TIMEOUT=2,
    ):
        yield
