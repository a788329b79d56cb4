"""Sending one message: what may pass, what is final, and the outbox of a site without a mail server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings

from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.adapters.mail.outbox import forget_old
from meeting_manager.adapters.mail.sending import deliver
from meeting_manager.config.email_url import to_files
from tests.mailserver import MailServer, sending_to


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server, sending_to(server):
        yield server


def mail(**changes: str) -> EmailMultiAlternatives:
    given = {"subject": "Grüße", "body": "Hello\n", "to": "Ada <ada@customer.example>"} | changes
    return EmailMultiAlternatives(
        given["subject"],
        given["body"],
        "Site <site@meet.example>",
        [given["to"]],
        headers={"Message-ID": "<one@meet.example>"},
    )


def passing_fault() -> str:
    """Deliver, and fail in a way that another try may mend; returns the reason."""
    with pytest.raises(AdapterError) as caught:
        deliver(mail())
    assert not isinstance(caught.value, RefusedError)
    return str(caught.value)


def test_a_message_arrives_with_its_identity(server: MailServer) -> None:
    deliver(mail())
    (received,) = server.received
    assert (received["Message-ID"], received["Subject"]) == ("<one@meet.example>", "Grüße")
    assert received.get_content().strip() == "Hello"


def test_an_address_that_is_refused_for_good_is_not_tried_again(server: MailServer) -> None:
    server.refuse["ada@customer.example"] = "550 5.1.1 No such user"
    with pytest.raises(RefusedError, match=r"550 5\.1\.1 No such user"):
        deliver(mail())


def test_a_full_mailbox_is_tried_again(server: MailServer) -> None:
    server.refuse["ada@customer.example"] = "452 4.2.2 Mailbox full"
    assert "452" in passing_fault()


def test_a_message_that_is_refused_for_good_is_not_tried_again(server: MailServer) -> None:
    server.verdict = "554 5.7.1 Looks like spam"
    with pytest.raises(RefusedError, match="554"):
        deliver(mail())


def test_a_server_that_defers_is_tried_again(server: MailServer) -> None:
    server.verdict = "451 4.7.1 Greylisted, come back later"
    assert "Greylisted" in passing_fault()


def test_a_connection_that_drops_after_data_is_tried_again_with_the_same_identity(server: MailServer) -> None:
    server.drop_after_data = 1
    passing_fault()
    deliver(mail())
    assert [received["Message-ID"] for received in server.received] == ["<one@meet.example>"] * 2


def test_a_server_that_is_too_slow_is_tried_again(server: MailServer) -> None:
    server.delay = 3
    assert "could not be reached" in passing_fault()


def test_a_server_that_is_gone_is_tried_again(server: MailServer) -> None:
    server.stop()
    assert "could not be reached" in passing_fault()


def test_a_wrong_password_is_tried_again_for_an_operator_can_mend_it(server: MailServer) -> None:
    with override_settings(EMAIL_HOST_USER="site", EMAIL_HOST_PASSWORD="wrong"):
        passing_fault()


@pytest.mark.parametrize(
    "changes",
    [{"subject": "Hello\nBcc: everybody@example.com"}, {"to": "Ada <ada@customer.example>\nBcc: x@y.example"}],
)
def test_a_message_that_cannot_be_written_is_refused(server: MailServer, changes: dict[str, str]) -> None:
    with pytest.raises(RefusedError):
        deliver(mail(**changes))
    assert server.received == []


def test_without_a_server_each_message_is_a_file_of_its_own(tmp_path: Path) -> None:
    with override_settings(**to_files(tmp_path / "outbox")):
        deliver(mail())
        deliver(mail(body="Hello again\n"))
        other = mail()
        other.extra_headers["Message-ID"] = "<two@meet.example>"
        deliver(other)
    files = sorted((tmp_path / "outbox").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"], "the same Message-ID is one file"
    bodies = {message_from_bytes(file.read_bytes(), policy=policy.default).get_content().strip() for file in files}
    assert bodies == {"Hello", "Hello again"}


def test_old_messages_leave_the_outbox(tmp_path: Path) -> None:
    with override_settings(**to_files(tmp_path), DELIVERIES_KEEP_DAYS=90):
        deliver(mail())
        (file,) = tmp_path.iterdir()
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        forget_old(written + timedelta(days=89))
        assert file.exists()
        forget_old(written + timedelta(days=91))
    assert not file.exists()


def test_only_the_owner_of_the_site_can_read_the_outbox(tmp_path: Path) -> None:
    with override_settings(**to_files(tmp_path / "outbox")):
        deliver(mail())
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0
