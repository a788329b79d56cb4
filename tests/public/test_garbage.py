"""Whatever people and robots put into addresses and forms is answered, and never by a failure of ours."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meeting_manager.bookings.models import Booking
from tests.cast import Cast
from tests.public.visits import CALL, DETAILS, TYPED, Book, link

pytestmark = pytest.mark.django_db

ODD = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(["9" * 400, "2026-12-07T09:00", "9999-12-31T23:59:59+23:59", "0001-01-01", "../../etc", "UTC\x00"]),
)
TRIED = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TRIED
@given(odd=ODD, other=ODD)
def test_no_address_breaks_a_page(client: Client, cast: Cast, odd: str, other: str) -> None:
    part = quote(odd, safe="") or "-"
    for path in ("/book/support", CALL, DETAILS, "/booking", f"/booking/{part}", f"/booking/{part}/reschedule"):
        query = {"timezone": odd, "from": other, "before": odd, "start": other, "token": other}
        assert client.get(path, query).status_code < 500
    assert client.get(f"/book/{part}/{part}").status_code in {302, 404}


@TRIED
@given(odd=ODD, other=ODD)
def test_no_form_breaks_a_page(client: Client, cast: Cast, book: Book, odd: str, other: str) -> None:
    booking = Booking.objects.first() or book()
    for field in TYPED:
        assert client.post(DETAILS, {**TYPED, "start": "2030-01-07T09:00Z", field: odd, "key": other}).status_code < 500
    assert client.post("/booking", {"reference": odd, "email": other}).status_code in {404, 422}
    for page in ("/reschedule", "/cancel"):
        sent = {"start": other, "reason": odd, "cancellation_reason": odd}
        assert client.post(link(booking, page), sent).status_code < 500
