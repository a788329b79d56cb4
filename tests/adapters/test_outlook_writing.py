"""Outlook's calendars: events that are written once, whatever happens on the way, and what stays in them."""

import pytest

from meeting_manager.adapters.calendar.errors import ConflictError, NotFoundError, TransientError
from tests.adapters.events import REF, T0, UID, only, outgoing
from tests.adapters.outlooks import opened
from tests.providers.graph import Graph
from tests.providers.web import Fault

HOUR, DAY = 3600, 86_400


def test_an_event_is_written_and_read_back_as_ours(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(), "")
    assert made.link == f"https://outlook.example/{made.id}"
    event = only(calendar.pull(""))
    assert (event.id, event.uid, event.start, event.end) == (made.id, UID, T0, T0 + 1800)
    assert event.etag == made.etag
    assert calendar.find(made.id) == event
    assert calendar.find(REF) == event, "also by the identity it was made with"


def test_nobody_is_invited_by_outlook(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(), "")
    calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag)
    assert all("attendees" not in (call.body or {}) for call in graph.calls)


def test_what_its_owner_added_stays(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(), "")
    graph.put({**graph.items[made.id], "categories": ["Blue"]})
    calendar.upsert(made.id, outgoing(T0 + HOUR, title="New"), calendar.find(made.id).etag)
    assert (graph.items[made.id]["categories"], graph.items[made.id]["subject"]) == (["Blue"], "New")


def test_a_change_there_is_not_overwritten_unseen(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(), "")
    graph.move(made.id, T0 + HOUR, T0 + 2 * HOUR)
    with pytest.raises(ConflictError):
        calendar.upsert(made.id, outgoing(T0 + DAY), made.etag)
    with pytest.raises(ConflictError):
        calendar.delete(made.id, made.etag)
    assert calendar.find(made.id).start == T0 + HOUR
    calendar.delete(made.id, "")
    assert not graph.events()


def test_what_was_deleted_is_not_there(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(), "")
    graph.remove(made.id)
    for call in (lambda: calendar.delete(made.id, ""), lambda: calendar.find(made.id), lambda: calendar.find(REF)):
        with pytest.raises(NotFoundError):
            call()
    with pytest.raises(NotFoundError):
        calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag)


@pytest.mark.parametrize("gives_existing", [False, True])
@pytest.mark.parametrize(
    "fault", [Fault(500, after=True), Fault(silent=True, after=True), Fault(truncated=True, after=True)]
)
def test_a_repeat_after_a_lost_answer_makes_no_second_event(graph: Graph, fault: Fault, gives_existing: bool) -> None:
    graph.gives_existing = gives_existing
    calendar = opened(graph)
    graph.faults = [fault]
    with pytest.raises(TransientError):
        calendar.upsert(REF, outgoing(), "")
    made = calendar.upsert(REF, outgoing(title="Later"), "")
    assert len(graph.events()) == 1
    assert graph.items[made.id]["subject"] == "Later"
    assert calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag).id == made.id


def test_a_teams_call_is_made_with_the_event_and_kept(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(wants_conference=True), "")
    assert made.conference == f"https://teams.example/{made.id}"
    changed = outgoing(T0 + HOUR, wants_conference=True, description="Reference: BK-2")
    again = calendar.upsert(made.id, changed, made.etag)
    assert again.conference == made.conference
    text = graph.items[made.id]["body"]["content"]
    assert "BK-2" in text
    assert "BK-1" not in text
    assert text.count("Join the meeting now") == 1


def test_a_call_whose_text_its_owner_changed_is_left_alone(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(wants_conference=True), "")
    body = {"contentType": "html", "content": f"Mine: {made.conference}"}
    graph.put({**graph.items[made.id], "body": body})
    again = calendar.upsert(made.id, outgoing(T0 + HOUR, wants_conference=True), calendar.find(made.id).etag)
    assert again.conference == made.conference
    assert graph.items[made.id]["body"] == body


def test_text_is_text(graph: Graph) -> None:
    made = opened(graph).upsert(REF, outgoing(description="<b>1 < 2</b>\nNext"), "")
    assert graph.items[made.id]["body"]["content"] == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;<br>Next</p>"


@pytest.mark.parametrize(
    "changes", [{"start": T0 + 7 * DAY}, {"end": T0 + HOUR}, {"location": "Room 2"}, {"is_tentative": True}]
)
@pytest.mark.parametrize("gives_existing", [False, True])
def test_a_repeat_that_knows_better_is_what_counts(
    graph: Graph, gives_existing: bool, changes: dict[str, object]
) -> None:
    graph.gives_existing = gives_existing
    calendar = opened(graph)
    graph.faults = [Fault(500, after=True)]
    with pytest.raises(TransientError):
        calendar.upsert(REF, outgoing(), "")
    later = outgoing(**{"end": int(str(changes.get("start", T0))) + 1800, **changes})  # type: ignore[arg-type]
    made = calendar.upsert(REF, later, "")
    event = only(calendar.pull(""))
    assert (event.id, event.etag) == (made.id, made.etag)
    assert (event.start, event.end, event.location) == (later.start, later.end, later.location)
    assert graph.items[made.id]["showAs"] == ("tentative" if later.is_tentative else "busy")


@pytest.mark.parametrize("status", [400, 409])
def test_an_identity_whose_event_is_gone_cannot_be_used_again(graph: Graph, status: int) -> None:
    graph.faults = [Fault(status, "ErrorDuplicateTransactionId")]
    with pytest.raises(ConflictError):
        opened(graph).upsert(REF, outgoing(), "")
    assert not graph.events()


def test_lines_in_our_text_are_not_taken_for_those_of_teams(graph: Graph) -> None:
    calendar = opened(graph)
    made = calendar.upsert(REF, outgoing(wants_conference=True, description="One" + "_" * 40 + "old"), "")
    again = calendar.upsert(made.id, outgoing(wants_conference=True, description="Two" + "_" * 40), made.etag)
    assert again.conference == made.conference
    assert "old" not in graph.items[made.id]["body"]["content"]


def test_transactions_of_others_are_not_ours(graph: Graph) -> None:
    graph.add("abc", T0, T0 + HOUR, transactionId="their.program1")
    assert only(opened(graph).pull("")).uid == "ical-abc"
