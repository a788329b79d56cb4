"""Erasing a guest from what staff keep: names and filters of their views, and the reasons that they gave to many."""

from urllib.parse import unquote_plus

from django.http import QueryDict
from django.urls import reverse

from meeting_manager.people.erasure import ERASED_NAME, Person, scrub
from meeting_manager.workspace.models import BulkRun, SavedView


def forget(person: Person) -> None:
    """Take away what names `person`: names and filters of views, the words of runs, and the list a run came from."""
    for view in SavedView.objects.all():
        name = f"{ERASED_NAME} {view.pk}" if _names(view.name, person) else view.name
        query = _without(view.query, person)
        if (name, query) != (view.name, view.query):
            SavedView.objects.filter(pk=view.pk).update(name=name, query=query)
    for run in BulkRun.objects.exclude(words="", back=""):
        words = scrub(run.words, people=[person])
        back = reverse("workspace_bookings") if _names(unquote_plus(run.back), person) else run.back
        if (words, back) != (run.words, run.back):
            BulkRun.objects.filter(pk=run.pk).update(words=words, back=back)


def _without(query: str, person: Person) -> str:
    kept = QueryDict(query, mutable=True)
    for name, values in list(kept.lists()):
        kept.setlist(name, [value for value in values if not _names(value, person)])
    return kept.urlencode() if kept.urlencode() != QueryDict(query).urlencode() else query


def _names(text: str, person: Person) -> bool:
    return bool(scrub(text, people=[person]) != text)
