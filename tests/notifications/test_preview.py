"""`meeting-manager mail preview`: every mail with made-up data, for people who want to see before they send."""

from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.samples import preview
from tests.cast import NOW, Cast


def shown(*arguments: str) -> str:
    out = StringIO()
    call_command("mail", "preview", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_alone_it_lists_every_message() -> None:
    assert [line.split()[0] for line in shown().splitlines()] == Message.values


def test_a_message_is_printed_with_its_subject() -> None:
    printed = shown("customer_booked")
    assert printed.startswith(
        "Subject: Confirmed: 30 Min Call with Support, Tue 14 May 2030, 15:00 (Berlin)\n\nYour meeting"
    )
    assert shown("customer_booked", "--text") == printed


def test_the_html_is_printed_alone() -> None:
    assert shown("host_reminder", "--html").startswith("<!doctype html>")


def test_all_are_written_into_a_folder_as_text_html_and_mail(tmp_path: Path) -> None:
    printed = shown("--to", str(tmp_path / "new")).split()
    written = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert written == sorted(f"{name}.{form}" for name in Message.values for form in ("html", "txt", "eml"))
    assert sorted(Path(name).name for name in printed) == written
    mail = message_from_bytes((tmp_path / "new" / "staff_booked.eml").read_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_one_form_of_one_message_is_one_file(tmp_path: Path) -> None:
    shown("host_booked", "--html", "--to", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["host_booked.html"]


def test_an_unknown_message_is_refused_with_its_neighbours() -> None:
    with pytest.raises(CommandError, match=r"no message 'customer_bookd'\. Did you mean: customer_booked"):
        shown("customer_bookd")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=r"host_booked\.html cannot be written"):
        shown("host_booked", "--to", str(tmp_path / "file"))


@pytest.mark.django_db
def test_a_departments_own_words_are_shown_and_what_is_wrong_with_them(cast: Cast) -> None:
    MailText.objects.create(
        department=cast.support,
        message="customer_booked",
        subject="Ours: {{ reference }}",
        text="{{ gone }}",
        modified_at=NOW,
        modified_by=cast.lead,
    )
    printed = shown("customer_booked", "--department", "support")
    assert "Subject: Ours: BK-A7F92K1X" in printed
    assert "customer_booked: The department's own text was not used. {{ gone }} is not a placeholder" in printed


@pytest.mark.django_db
def test_an_unknown_department_is_refused_with_its_neighbours(cast: Cast) -> None:
    with pytest.raises(CommandError, match=r"no department 'suport'\. Did you mean: support\?"):
        shown("customer_booked", "--department", "suport")


@pytest.mark.django_db
@pytest.mark.parametrize("message", Message)
def test_a_preview_without_department_reads_no_row(
    message: Message, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        preview(message, None)
