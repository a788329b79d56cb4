"""``meeting-manager mail preview``."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Rendered
from meeting_manager.notifications.samples import preview
from meeting_manager.people.languages import speaking

_FORMS = ("html", "txt", "eml")


class Command(BaseCommand):
    """Messages with made-up data; nothing is sent."""

    help = "Show the mails that people get, with made-up data: mail preview [MESSAGE]."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to show, in whose words, in which form, and where to."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="preview")
        shown = actions.add_parser("preview", help="print a mail, or write mails into a folder; alone: list them")
        shown.add_argument("message", metavar="MESSAGE", nargs="?", help="such as customer_booked")
        shown.add_argument("--department", metavar="SLUG", help="in the words of this department")
        codes = [code for code, _name in settings.LANGUAGES]
        shown.add_argument("--language", choices=codes, help="the language it is written in")
        form = shown.add_mutually_exclusive_group()
        form.add_argument("--html", dest="form", action="store_const", const="html", help="the HTML only")
        form.add_argument("--text", dest="form", action="store_const", const="txt", help="subject and text only")
        shown.add_argument(
            "--to", metavar="FOLDER", type=Path, help="write .html, .txt and .eml there; without MESSAGE: of all mails"
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print or write. Raises CommandError for a message or department that is not there."""
        chosen, folder, form = options["message"], options["to"], options["form"]
        department = _department(options["department"]) if options["department"] else None
        messages = [_message(chosen)] if chosen else list(Message)
        if not chosen and not folder:
            self.stdout.write("\n".join(f"{message.value:<25} {message.label}" for message in Message))
            return
        with speaking(options["language"] or ""):
            for message in messages:
                self._show(message, preview(message, department), folder, form)

    def _show(self, message: Message, rendered: Rendered, folder: Path | None, form: str | None) -> None:
        if rendered.note:
            self.stderr.write(f"{message.value}: {rendered.note}")
        if folder is None:
            self.stdout.write(rendered.html if form == "html" else _text(rendered), ending="")
            return
        for each in [form] if form else _FORMS:
            self.stdout.write(str(_write(folder, message, rendered, each)))


def _message(name: str) -> Message:
    known = [message.value for message in Message]
    if name in known:
        return Message(name)
    remedy = _near(name, known) or "List them with: meeting-manager mail preview"
    raise CommandError(f"There is no message '{name}'. {remedy}")


def _department(slug: str) -> Department:
    found = Department.objects.filter(department_slug=slug).first()
    if found is None:
        known = Department.objects.order_by("department_slug").values_list("department_slug", flat=True)
        raise CommandError(f"There is no department '{slug}'. {_near(slug, known)}".rstrip())
    return found


def _near(given: str, known: Iterable[str]) -> str:
    near = get_close_matches(given.lower(), list(known), cutoff=0.5)
    return f"Did you mean: {', '.join(near)}?" if near else ""


def _text(rendered: Rendered) -> str:
    return f"Subject: {rendered.subject}\n\n{rendered.text}"


def _write(folder: Path, message: Message, rendered: Rendered, form: str) -> Path:
    contents = {"html": rendered.html.encode(), "txt": _text(rendered).encode(), "eml": _eml(rendered)}
    path = folder / f"{message.value}.{form}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[form])
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _eml(rendered: Rendered) -> bytes:
    mail = EmailMultiAlternatives(rendered.subject, rendered.text, settings.DEFAULT_FROM_EMAIL, ["you@example.com"])
    mail.attach_alternative(rendered.html, "text/html")
    return mail.message().as_bytes()
