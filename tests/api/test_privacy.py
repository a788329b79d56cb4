"""Personal data through REST: counted, told and erased, by System Managers alone."""

from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from tests.api.caller import Api
from tests.cast import Cast

ADA = "ada@customer.example"


def erase(api: Api, cast: Cast, **more: object) -> tuple[int, dict[str, object]]:
    answer = api.post("/privacy/erase", {"email": ADA, "confirm": ADA, **more}, by=cast.admin)
    return answer.status, answer.body


def test_a_guest_is_counted_told_and_erased(api: Api, cast: Cast) -> None:
    api.book(email=ADA)
    name = Booking.objects.get().name
    known = api.get(f"/privacy?email={ADA}", by=cast.admin).body
    assert (known["bookings"], [one["name"] for one in known["upcoming"]]) == (1, [name])
    told = api.get(f"/privacy/export?email={ADA}", by=cast.admin).body
    assert told["bookings"][0]["customer_name"] == "Ada Muster"
    status, refused = erase(api, cast)
    assert (status, name in str(refused["detail"])) == (409, True)
    status, done = erase(api, cast, also_cancel=True)
    assert (status, done["bookings"], done["cancelled"]) == (200, 1, 1)
    assert Booking.objects.get().customer_name == "Erased person"
    assert api.get(f"/privacy?email={ADA}", by=cast.admin).body["bookings"] == 0


def test_the_address_is_typed_twice_and_colleagues_are_refused(api: Api, cast: Cast) -> None:
    assert erase(api, cast, confirm="ben@customer.example")[0] == 422
    assert erase(api, cast, confirm="")[0] == 422
    status, body = erase(api, cast, email=cast.sarah.email, confirm=cast.sarah.email)
    assert (status, "Disable the account" in str(body["detail"])) == (422, True)
    assert api.get("/privacy?email=nobody", by=cast.admin).fields == {"email": "Please enter an e-mail address."}
    assert api.get(f"/privacy/export?email={cast.sarah.email}", by=cast.admin).body["account"]["full_name"] == "Sarah"


def test_nobody_else_learns_or_erases_anything(api: Api, cast: Cast) -> None:
    booking = Booking.objects.get(booking_reference=api.book(email=ADA).body["booking_reference"])
    services.cancel(booking=booking, actor=cast.lead, now=timezone.now())
    for user in (cast.lead, cast.sarah, None):
        wanted = 403 if user else 401
        assert api.get(f"/privacy?email={ADA}", by=user).status == wanted
        assert api.get(f"/privacy/export?email={ADA}", by=user).status == wanted
        assert api.post("/privacy/erase", {"email": ADA, "confirm": ADA}, by=user).status == wanted
    assert Booking.objects.get().customer_email == ADA
