"""What people are told of a series: one mail each for all that changes together, and each change of one by itself."""

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host, Invitee
from meeting_manager.bookings.series import Reach
from meeting_manager.notifications.models import Heard
from tests.bookings.desk import NOW, after
from tests.bookings.test_series import plan
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import SOON, deliver, entry, forget, messages, parts

pytestmark = pytest.mark.django_db

EVERYBODY = {"sarah", "outsider", "lead"}


def planned(cast: Cast) -> services.Made:
    return plan(cast, hosts=[Host(cast.sarah, is_primary=True)])


def made(cast: Cast, server: MailServer) -> services.Made:
    """A series of which everybody has heard."""
    series = planned(cast)
    deliver()
    forget(server)
    return series


def letter(server: MailServer, to: str) -> str:
    (found,) = [each for each in server.received if to in str(each["To"])]
    return parts(found)["text/plain"]


def test_a_new_series_is_one_mail_for_each_that_names_all_dates(cast: Cast, server: MailServer) -> None:
    planned(cast)
    deliver()
    assert set(messages()) == EVERYBODY
    assert len(server.received) == len(EVERYBODY)
    told = letter(server, "outsider@")
    for date in ("Tuesday, 8 December 2026", "Tue 15 Dec 2026, 10:00–11:00", "Tue 29 Dec 2026, 10:00–11:00"):
        assert date in told
    assert "Further dates" in told


def test_the_rest_counts_as_heard_so_that_a_change_of_one_is_told_as_a_change(cast: Cast, server: MailServer) -> None:
    series = made(cast, server)
    services.reschedule(booking=series.bookings[2], start=after(weeks=2, hours=2), actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    assert messages() == {
        "sarah": "host_rescheduled", "outsider": "participant_rescheduled",
        "lead": "staff_rescheduled",
    }  # fmt: skip
    assert "Further dates" not in letter(server, "outsider@")
    method, event = entry(next(each for each in server.received if "outsider@" in str(each["To"])))
    assert (method, event["UID"]) == ("REQUEST", series.bookings[2].ical_uid)


def test_a_cancelled_series_is_one_mail_for_each_that_names_all_dates(cast: Cast, server: MailServer) -> None:
    series = made(cast, server)
    services.cancel_series(booking=series.bookings[1], reach=Reach.FOLLOWING, actor=cast.lead, now=NOW, reason="Done")
    deliver()
    assert len(server.received) == len(EVERYBODY)
    told = letter(server, "outsider@")
    assert "Also cancelled" in told
    assert "Tue 22 Dec 2026" in told
    assert "8 December" not in told


def test_a_moved_series_is_one_mail_for_each_with_the_new_times(cast: Cast, server: MailServer) -> None:
    series = made(cast, server)
    services.move_series(booking=series.bookings[0], reach=Reach.ALL, start=after(hours=3), actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    assert len(server.received) == len(EVERYBODY)
    told = letter(server, "sarah@")
    assert "The others now" in told
    assert "Tue 29 Dec 2026, 13:00–14:00" in told


def test_whoever_has_an_entry_of_one_gets_a_mail_that_takes_it_back(cast: Cast, server: MailServer) -> None:
    series = made(cast, server)
    services.reschedule(booking=series.bookings[2], start=after(weeks=2, hours=2), actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    forget(server)
    services.cancel_series(booking=series.bookings[0], reach=Reach.ALL, actor=cast.lead, now=NOW + 2 * SOON)
    deliver(NOW + 2 * SOON)
    to_outsider = [each for each in server.received if "outsider@" in str(each["To"])]
    cancelled = {str(entry(each)[1]["UID"]) for each in to_outsider}
    assert cancelled == {series.bookings[0].ical_uid, series.bookings[2].ical_uid}


def test_who_is_not_at_the_first_gets_a_mail_of_their_own(cast: Cast, server: MailServer) -> None:
    series = made(cast, server)
    guest = Invitee("ben@customer.example", "Ben")
    services.invite(booking=series.bookings[3], invitees=[guest], actor=cast.lead, now=NOW)
    deliver()
    Heard.objects.filter(address=guest.email).update(has_entry=False)
    forget(server)
    services.cancel_series(booking=series.bookings[1], reach=Reach.FOLLOWING, actor=cast.lead, now=NOW)
    deliver()
    assert messages(series.bookings[3]) == {"ben": "participant_cancelled"}
