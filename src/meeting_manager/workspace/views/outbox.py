"""The outbox of a site without a mail server: what would have gone out, to read."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meeting_manager.people.models import User
from meeting_manager.workspace import outbox
from meeting_manager.workspace.calendar_part import Entry, read_entry
from meeting_manager.workspace.forms import SearchForm
from meeting_manager.workspace.framing import framed
from meeting_manager.workspace.pages import show, system_page, zone_of
from meeting_manager.workspace.paging import page_of


@system_page
@require_safe
def outbox_page(request: HttpRequest, user: User) -> HttpResponse:
    """All messages, newest first, or those with a word in recipient or subject."""
    form = SearchForm(request.GET)
    word = form.cleaned_data["q"] if form.is_valid() else ""
    page = page_of(request, outbox.with_word(word) if word else outbox.names())
    context = {
        "page": page,
        "letters": outbox.heads(page.rows),
        "form": form,
        "word": word,
        "searched": outbox.SEARCHED,
        "zone": zone_of(user),
    }
    return show(request, "outbox", context)


@system_page
@require_safe
def message_page(request: HttpRequest, user: User, message: str) -> HttpResponse:
    """One message: its headers, text, HTML in a frame, and invitation."""
    letter = outbox.read(message)
    calendar = letter.part("calendar")
    context = {
        "letter": letter,
        "text": letter.part("plain"),
        "has_html": bool(letter.part("html")),
        "calendar": calendar,
        "entry": read_entry(calendar) if calendar else Entry(),
        "zone": zone_of(user),
    }
    return show(request, "outbox_message", context)


@system_page
@require_safe
def message_html(_request: HttpRequest, _user: User, message: str) -> HttpResponse:
    """The HTML of a message, for the frame on its page."""
    return framed(outbox.read(message).part("html"))


@system_page
@require_safe
def message_file(_request: HttpRequest, _user: User, message: str) -> FileResponse:
    """The message as it is, for a mail program."""
    path = outbox.path_of(message)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="message/rfc822")
