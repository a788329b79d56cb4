"""The outbox: who reads what would have gone out, and that nothing in it can do harm."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from tests.cast import Cast
from tests.workspace.letters import INVITATION, keep
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

OUTBOX = "/workspace/outbox/"
NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
SCRIPT = "<p>Hello</p><script>alert(1)</script><img src='https://spy.example/a.png'>"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast.admin)


def only(outbox: Path) -> str:
    """The address of the one message there is."""
    (file,) = outbox.glob("*.eml")
    return f"{OUTBOX}{file.name}/"


@pytest.mark.parametrize("page", ["", "html/", "file/"])
@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("sarah", 403), ("outsider", 403), ("admin", 200)])
def test_the_outbox_is_for_system_managers(cast: Cast, outbox: Path, who: str, status: int, page: str) -> None:
    keep(1, NINE, html="<p>Hello</p>")
    client = signed_in(getattr(cast, who))
    assert client.get(OUTBOX).status_code == status
    answer = client.get(only(outbox) + page)
    answer.close()
    assert answer.status_code == status


def test_nobody_signed_in_is_led_to_sign_in_and_back(cast: Cast, outbox: Path, client: Client) -> None:
    assert client.get(OUTBOX)["Location"] == "/accounts/login/?next=/workspace/outbox/"


@pytest.mark.parametrize("page", ["", "html/", "file/"])
def test_a_site_that_sends_its_mail_has_no_outbox(admin: Client, outbox: Path, settings: object, page: str) -> None:
    keep(1, NINE)
    address = only(outbox)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    assert admin.get(OUTBOX).status_code == 404
    assert admin.get(address + page).status_code == 404


def test_an_empty_outbox_says_how_something_comes_into_it(admin: Client, outbox: Path) -> None:
    page = admin.get(OUTBOX)
    assert "Nothing was written yet." in text(page)
    assert "Mail is not sent but kept here" in text(page)
    assert 'href="/book"' in page.content.decode()


def test_the_newest_message_comes_first(admin: Client, outbox: Path) -> None:
    for number in (2, 3, 1):
        keep(number, NINE + timedelta(hours=number), subject=f"Meeting {number}")
    seen = text(admin.get(OUTBOX))
    assert seen.index("Meeting 3") < seen.index("Meeting 2") < seen.index("Meeting 1")
    assert "customer3@customer.example" in seen
    assert "7 December 2026, 12:00" in seen


def test_a_long_outbox_has_pages(admin: Client, outbox: Path) -> None:
    for number in range(51):
        keep(number, NINE + timedelta(minutes=number), subject=f"Meeting #{number}.")
    first, second = admin.get(OUTBOX), admin.get(f"{OUTBOX}?page=2")
    assert "Meeting #50." in text(first)
    assert "Meeting #0." not in text(first)
    assert "Meeting #0." in text(second)
    assert "Meeting #1." not in text(second)
    assert 'href="?page=2"' in first.content.decode()
    assert 'href="?page=1"' in second.content.decode()
    assert 'rel="next"' not in second.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 40, "2"])
def test_a_page_that_is_not_there_is_no_error(admin: Client, outbox: Path, number: str) -> None:
    keep(1, NINE)
    assert admin.get(f"{OUTBOX}?page={number}").status_code == 200


def test_messages_are_found_by_recipient_and_subject(admin: Client, outbox: Path) -> None:
    keep(1, NINE, subject="Über den Dächern")
    keep(2, NINE, subject="Alarm")
    by_subject, by_recipient = text(admin.get(f"{OUTBOX}?q=ÜBER")), text(admin.get(f"{OUTBOX}?q=customer2@"))
    assert "Über den Dächern" in by_subject
    assert "Alarm" not in by_subject
    assert "Alarm" in by_recipient
    assert "Dächern" not in by_recipient
    assert "No message has “nothing”" in text(admin.get(f"{OUTBOX}?q=nothing"))


def test_a_message_shows_its_headers_text_and_invitation(admin: Client, outbox: Path) -> None:
    words = "Grüße <b>nicht fett</b> https://meet.example/booking/BK-1?token=a"
    keep(1, NINE, subject="Grüße aus Köln", text=words, html="<p>Grüße</p>", calendar=INVITATION)
    page = admin.get(only(outbox))
    html, seen = page.content.decode(), text(page)
    assert "Grüße aus Köln" in seen
    assert "&lt;b&gt;nicht fett&lt;/b&gt;" in html
    assert '<a href="https://meet.example/booking/BK-1?token=a"' in html
    assert "&lt;1@meet.example&gt;" in html
    for fact in (
        "REQUEST",
        "Call with Support, in German",
        "8 December 2026, 10:00",
        "8 December 2026, 10:30",
        "UID 6a1f, change 3",
        "ada@customer.example (ACCEPTED)",
        "sarah@bestsecurity.example (NEEDS-ACTION)",
    ):
        assert fact in seen
    assert "<iframe" in html
    assert " sandbox>" in html


def test_a_message_without_html_has_no_frame(admin: Client, outbox: Path) -> None:
    keep(1, NINE)
    assert "<iframe" not in admin.get(only(outbox)).content.decode()


@pytest.mark.parametrize("calendar", ["nonsense", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nX"])
def test_an_invitation_that_cannot_be_read_is_shown_as_it_is(admin: Client, outbox: Path, calendar: str) -> None:
    keep(1, NINE, calendar=calendar)
    page = admin.get(only(outbox))
    assert page.status_code == 200
    assert calendar.split(maxsplit=1)[0] in text(page)


def test_html_of_mails_can_do_nothing_and_is_framed_by_our_pages_only(admin: Client, outbox: Path) -> None:
    keep(1, NINE, html=SCRIPT)
    framed, page = admin.get(only(outbox) + "html/"), admin.get(only(outbox))
    assert framed.content.decode().strip() == SCRIPT
    policy = [part.strip() for part in framed["Content-Security-Policy"].split(";")]
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'self'", "form-action 'none'"} <= set(policy)
    assert "script-src" not in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "spy.example" not in page.content.decode()


def test_the_message_is_downloaded_as_it_was_written(admin: Client, outbox: Path) -> None:
    keep(1, NINE, html="<p>Hello</p>")
    (file,) = outbox.glob("*.eml")
    answer = admin.get(only(outbox) + "file/")
    assert b"".join(answer.streaming_content) == file.read_bytes()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"] == f'attachment; filename="{file.name}"'


@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "..%2Fsecret.eml",
        "%2e%2e%2fsecret.eml",
        "secret.eml",
        "20261207T090000Z-0123456789abcdef.eml",
        "20261207T090000Z-0123456789abcdef.eml%00",
        "20261207T090000Z-0123456789abcdef.eml\n",
        "99999999T999999Z-0123456789abcdef.eml",
        "..",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("page", ["", "html/", "file/"])
def test_no_name_leads_out_of_the_outbox(admin: Client, outbox: Path, name: str, page: str) -> None:
    keep(1, NINE)
    (outbox.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (outbox / "secret.eml").write_text("Subject: secret\n\nsecret")
    assert admin.get(f"{OUTBOX}{quote(name, safe='%')}/{page}").status_code == 404


def test_a_link_in_the_folder_leads_nowhere(admin: Client, outbox: Path) -> None:
    keep(1, NINE)
    secret = outbox.parent / "secret"
    secret.write_text("Subject: secret\n\nsecret")
    (outbox / "20261207T090000Z-0123456789abcdef.eml").symlink_to(secret)
    assert admin.get(f"{OUTBOX}20261207T090000Z-0123456789abcdef.eml/").status_code == 404
    assert "secret" not in text(admin.get(OUTBOX))


def test_a_message_in_an_unknown_character_set_is_shown_all_the_same(admin: Client, outbox: Path) -> None:
    keep(1, NINE)
    (file,) = outbox.glob("*.eml")
    raw = b'Subject: Odd\r\nContent-Type: text/plain; charset="klingon"\r\n\r\nHello there'
    file.write_bytes(raw)
    assert "Hello there" in text(admin.get(only(outbox)))


def test_the_account_page_leads_system_managers_to_the_outbox(cast: Cast, outbox: Path) -> None:
    assert OUTBOX in signed_in(cast.admin).get("/accounts/").content.decode()
    assert OUTBOX not in signed_in(cast.lead).get("/accounts/").content.decode()


def test_without_an_outbox_nothing_leads_there(admin: Client) -> None:
    assert OUTBOX not in admin.get("/accounts/").content.decode()
