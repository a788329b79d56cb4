"""Two people at one decision."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from meeting_manager.bookings import services
from tests.bookings.desk import NOW, Book, events, executive
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 20


def test_whoever_comes_second_sees_what_the_first_decided(cast: Cast, book: Book) -> None:
    waiting = book(meeting_type=executive(cast))
    second = signed_in(cast.lead)
    has_read = Event()

    def note(execute: Callable[..., Any], sql: str, *rest: object) -> Any:  # noqa: ANN401 - Django's signature
        result = execute(sql, *rest)
        if "bookings_participant" in sql:  # the last of what the page reads of a booking
            has_read.set()
        return result

    def reject() -> "Response":
        try:
            with connection.execute_wrapper(note):
                return second.post(f"/workspace/bookings/{waiting.name}/reject/", {"rejection_reason": "No time"})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # the second has read the request before it can get past this
            services.approve(booking=waiting, actor=cast.admin, now=NOW)
            answer = pool.submit(reject)
            assert has_read.wait(PATIENCE_SECONDS)
        page = answer.result()
    assert page.status_code == 409
    assert "Booking already Approved." in text(page)
    assert "Approved Admin," in text(page)
    assert "Your decision" not in text(page)
    assert "Rejected" not in events(waiting)
