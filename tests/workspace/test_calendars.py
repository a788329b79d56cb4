"""The pages by which members connect calendars: who sees what, and that nothing is kept before it was tried."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.adapters.calendar.errors import AuthRevokedError, NotFoundError, TransientError
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User
from meeting_manager.workspace import keeping
from tests.calendars.accounts import HOLIDAYS, TEAM, WORK, Account, accounts, know
from tests.calendars.agenda import Agendas, offered
from tests.calendars.feedserver import HERE, Feed
from tests.calendars.feedserver import serving as serving_feed
from tests.cast import NOW, Cast
from tests.providers.signin import SignIn, serving
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

LIST, KINDS = "/accounts/calendars/", "/accounts/calendars/connect/"
CALDAV, ICAL, CHOOSE = f"{KINDS}caldav/", f"{KINDS}ical/", f"{KINDS}choose/"
GOOGLE, BACK = f"{KINDS}google/", "/accounts/calendars/back/google/"
PASSWORD = "horse-battery-secret"
TYPED = {"url": "dav.example", "username": "sarah", "password": PASSWORD}


@pytest.fixture(autouse=True)
def writable() -> Iterator[None]:
    """Calendars of all kinds but iCal take up bookings."""
    undo = offered(Agendas(), IntegrationType.CALDAV, IntegrationType.GOOGLE, IntegrationType.OUTLOOK)
    yield
    undo()


@pytest.fixture
def account() -> Iterator[Account]:
    with accounts(Account()) as opened:
        yield opened


@pytest.fixture(scope="module")
def feeds() -> Iterator[Feed]:
    with serving_feed() as served:
        yield served


@pytest.fixture
def feed(settings: Settings, feeds: Feed) -> Feed:
    settings.ALLOW_PRIVATE_ADDRESSES = HERE
    feeds.raw, feeds.trouble = None, None
    return feeds


@pytest.fixture(scope="module")
def provider() -> Iterator[SignIn]:
    with serving() as served:
        yield served


@pytest.fixture
def signin(settings: Settings, provider: SignIn, account: Account) -> SignIn:
    know(settings, provider)
    provider.asked.clear()
    provider.grants.clear()
    provider.redirects = {f"{settings.SITE_URL}{BACK}"}
    return provider


def connected(user: User, name: str = "Work", **fields: object) -> CalendarIntegration:
    """A two-way CalDAV calendar that gets the bookings."""
    given = {
        "integration_type": "CalDAV",
        "integration_name": name,
        "calendar_id": f"https://dav.example/{name.lower()}/",
        "credentials": {"username": "sarah", "password": PASSWORD},
        "is_primary": True,
        "sync_direction": "Two-way (Read & Write)",
    }
    return create_integration(
        actor=user, user=user, fields={**given, **fields}, account="sarah@calendars.example", now=NOW
    )


def feed_of(user: User) -> CalendarIntegration:
    fields = {"integration_type": "iCal", "integration_name": "Family", "ical_url": "https://family.example/s3cret.ics"}
    return create_integration(actor=user, user=user, fields=fields, now=NOW)


def page_of(calendar: CalendarIntegration, page: str) -> str:
    return f"{LIST}of/{calendar.name}/{page}/"


def stored(calendar: CalendarIntegration) -> CalendarIntegration:
    return CalendarIntegration.objects.get(pk=calendar.pk)


def change(calendar: CalendarIntegration, **fields: object) -> None:
    CalendarIntegration.objects.filter(pk=calendar.pk).update(**fields)


# The list


def test_without_calendars_the_page_names_the_next_step(cast: Cast) -> None:
    page = signed_in(cast.sarah).get(LIST)
    assert "No calendar is connected yet." in text(page)
    assert f'href="{KINDS}"' in page.content.decode()
    assert f'href="{LIST}"' in signed_in(cast.sarah).get("/accounts/").content.decode()


def test_a_calendar_says_what_it_is_and_what_it_does(cast: Cast) -> None:
    connected(cast.sarah)
    feed_of(cast.sarah)
    seen = text(signed_in(cast.sarah).get(LIST))
    for told in (
        "Work Not read yet Primary",
        "sarah@calendars.example",
        "Your bookings are written to it; its events make you busy.",
        "Family Not read yet",
        "iCal feed, read only",
        "Its events make you busy; bookings are not written to it.",
    ):
        assert told in seen


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"last_sync": timedelta(minutes=5)}, "In step"),
        ({"last_sync": timedelta(minutes=5)}, "5 minutes ago"),
        ({"sync_started": timedelta(seconds=5)}, "Being read"),
        ({"sync_started": timedelta(hours=1)}, "Not read yet"),
        ({"failing_since": timedelta(hours=3)}, "Cannot be read"),
        ({"failing_since": timedelta(hours=3)}, "3 hours ago"),
        ({"failing_since": timedelta(hours=3)}, "If it goes on, reconnect it."),
    ],
)
def test_its_state_is_told_in_words(cast: Cast, fields: dict[str, timedelta], told: str) -> None:
    calendar = connected(cast.sarah)
    change(calendar, **{name: timezone.now() - age for name, age in fields.items()})
    assert told in text(signed_in(cast.sarah).get(LIST))


def test_the_last_error_is_read_here_and_warned_of_on_the_account_page(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    client = signed_in(cast.sarah)
    assert "cannot be read" not in text(client.get("/accounts/"))
    change(calendar, failing_since=timezone.now(), sync_error_log="The server is in trouble (HTTP 500).")
    assert "The server is in trouble (HTTP 500)." in text(client.get(LIST))
    assert "1 of your calendars cannot be read." in text(client.get("/accounts/"))


def test_what_single_events_lack_is_counted_and_listed_on_demand(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    change(calendar, last_sync=timezone.now(), sync_error_log="Event a: no start\nEvent b: <no> end")
    html = signed_in(cast.sarah).get(LIST).content.decode()
    listed = re.search(r"<details>(.*?)</details>", html, re.DOTALL)
    assert listed
    assert "2 notes on single events" in listed[1]
    assert "Event b: &lt;no&gt; end" in listed[1]
    assert "It cannot be read" not in html


def test_a_calendar_that_is_switched_off_is_not_told_as_failing(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    change(calendar, is_active=False, failing_since=timezone.now(), sync_error_log="x")
    client = signed_in(cast.sarah)
    assert "Switched off" in text(client.get(LIST))
    assert "cannot be read" not in text(client.get("/accounts/"))


def test_more_calendars_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(cast.sarah)
    connected(cast.sarah)
    with django_assert_max_num_queries(12) as one:
        client.get(LIST)
    connected(cast.sarah, "Team")
    feed_of(cast.sarah)
    with django_assert_max_num_queries(12) as three:
        client.get(LIST)
    assert len(one) == len(three)


# Whose


PAGES = ("edit", "sync", "primary", "reconnect", "disconnect")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["mike", "lead", "admin"])
def test_calendars_of_others_do_not_exist(cast: Cast, page: str, who: str) -> None:
    calendar = connected(cast.sarah)
    before = stored(calendar)
    client = signed_in(getattr(cast, who))
    assert client.post(page_of(calendar, page)).status_code == 404
    if page not in {"sync", "primary"}:
        assert client.get(page_of(calendar, page)).status_code == 404
    assert stored(calendar).next_sync == before.next_sync
    assert "Work" not in text(client.get(LIST))


@pytest.mark.parametrize("page", PAGES)
def test_only_ones_own_form_changes_anything(cast: Cast, page: str) -> None:
    calendar = connected(cast.sarah)
    path = page_of(calendar, page)
    assert signed_in(cast.sarah, checks_csrf=True).post(path).status_code == 403
    assert signed_in(None).post(path).status_code == 302
    assert signed_in(cast.sarah).get(path).status_code == (405 if page in {"sync", "primary"} else 200)
    assert stored(calendar).integration_name == "Work"


@pytest.mark.parametrize("name", ["none", "x" * 400, "%00", "ä"])
def test_a_calendar_that_is_not_there_is_not_found(cast: Cast, name: str) -> None:
    assert signed_in(cast.sarah).get(f"{LIST}of/{name}/edit/").status_code == 404


@pytest.mark.parametrize("path", [LIST, KINDS, CALDAV, ICAL, CHOOSE, BACK])
def test_nobody_signed_in_signs_in_first(cast: Cast, path: str) -> None:
    assert signed_in(None).get(path)["Location"] == f"/accounts/login/?next={path}"


# What may be changed


def edited(calendar: CalendarIntegration, **changes: str) -> dict[str, str]:
    """What the form of the calendar sends, with these changes; a box that is off sends nothing."""
    given = {
        "integration_name": calendar.integration_name,
        "is_active": "on",
        "is_primary": "on",
        "sync_direction": calendar.sync_direction,
        "auto_sync_enabled": "on",
        "sync_interval_minutes": "15",
        "sync_past_days": "30",
        "sync_future_days": "90",
    }
    return {name: value for name, value in {**given, **changes}.items() if value}


def test_a_calendar_is_renamed_and_read_less_often(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    data = edited(calendar, integration_name="Office", sync_interval_minutes="60", is_primary="")
    page = signed_in(cast.sarah).post(page_of(calendar, "edit"), data, follow=True)
    assert "The calendar is changed" in text(page)
    changed = stored(calendar)
    assert (changed.integration_name, changed.sync_interval_minutes, changed.is_primary) == ("Office", 60, False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sync_interval_minutes": "3"}, "Sync Interval Minutes must be a whole number between 5 and 1440."),
        ({"sync_past_days": "many"}, "Sync Past Days must be a whole number between 0 and 365."),
        ({"integration_name": ""}, "Integration Name is required."),
        ({"integration_name": "Team"}, "is already used for another calendar"),
        ({"sync_direction": "Sideways"}, "Sideways is not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, str], told: str
) -> None:
    calendar = connected(cast.sarah)
    connected(cast.sarah, "Team", is_primary=False)
    page = signed_in(cast.sarah).post(page_of(calendar, "edit"), edited(calendar, sync_future_days="77", **changes))
    html = page.content.decode()
    assert page.status_code == 422
    assert told in text(page)
    (field,) = changes
    assert re.search(rf'<a href="#id_{field}">', html)
    assert 'value="77"' in html
    assert stored(calendar).sync_future_days == 90


def test_a_feed_is_never_primary(cast: Cast) -> None:
    feed = feed_of(cast.sarah)
    client = signed_in(cast.sarah)
    html = client.get(page_of(feed, "edit")).content.decode()
    assert 'name="is_primary"' not in html
    assert 'name="sync_direction"' not in html
    client.post(page_of(feed, "primary"))
    assert not stored(feed).is_primary
    assert page_of(feed, "primary") not in client.get(LIST).content.decode()


def test_another_calendar_takes_over_the_bookings(cast: Cast) -> None:
    first = connected(cast.sarah)
    second = connected(cast.sarah, "Team", is_primary=False, sync_direction="One-way (Read Only)")
    page = signed_in(cast.sarah).post(page_of(second, "primary"), follow=True)
    assert "“Team” gets your bookings from now on" in text(page)
    assert (stored(first).is_primary, stored(second).is_primary) == (False, True)
    assert stored(second).sync_direction == "Two-way (Read & Write)"


def test_a_calendar_is_read_at_once_where_one_asks(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    client = signed_in(cast.sarah)
    assert "is read within seconds" in text(client.post(page_of(calendar, "sync"), follow=True))
    assert Delivery.objects.filter(kind="calendar_pull").count() == 1
    change(calendar, auto_sync_enabled=False)
    assert "Please switch it on first." in text(client.post(page_of(calendar, "sync"), follow=True))
    assert page_of(calendar, "sync") not in client.get(LIST).content.decode()


def test_disconnecting_says_first_what_happens_and_then_does_it(cast: Cast) -> None:
    calendar = connected(cast.sarah)
    client = signed_in(cast.sarah)
    asked = text(client.get(page_of(calendar, "disconnect")))
    assert "The app password is forgotten here." in asked
    assert "Bookings that were written to it stay there" in asked
    assert stored(calendar)
    assert "“Work” is disconnected." in text(client.post(page_of(calendar, "disconnect"), follow=True))
    assert not CalendarIntegration.objects.exists()


# What kinds there are


def test_what_is_not_set_up_is_explained_to_those_who_can_change_it(cast: Cast, account: Account) -> None:
    member, admin = (text(signed_in(who).get(KINDS)) for who in (cast.sarah, cast.admin))
    assert "Ask your administrator." in member
    assert "GOOGLE_CLIENT_ID" not in member
    assert "set GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET as the part" in admin
    assert "MICROSOFT_CLIENT_ID" in admin
    assert GOOGLE not in signed_in(cast.sarah).get(KINDS).content.decode()


# CalDAV


def test_an_account_is_tried_then_its_calendars_are_chosen(cast: Cast, account: Account) -> None:
    client = signed_in(cast.sarah)
    page = client.post(CALDAV, TYPED, follow=True)
    assert page.redirect_chain == [(CHOOSE, 302)]
    assert not CalendarIntegration.objects.exists()
    assert "You are let in as sarah@calendars.example." in text(page)
    assert "Holidays (can only be read)" in text(page)
    assert f'name="bookings" value="{HOLIDAYS.id}"' not in page.content.decode()
    page = client.post(CHOOSE, {"calendars": [WORK.id, HOLIDAYS.id], "bookings": WORK.id}, follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    rows = CalendarIntegration.objects.values_list("integration_name", "is_primary", "sync_direction")
    assert list(rows) == [("Work", True, "Two-way (Read & Write)"), ("Holidays", False, "One-way (Read Only)")]
    assert account.opened[0] == ({"username": "sarah", "password": PASSWORD}, "dav.example")


def test_the_main_calendar_is_suggested_for_bookings_until_one_gets_them(cast: Cast, account: Account) -> None:
    client = signed_in(cast.sarah)
    client.post(CALDAV, TYPED)
    first = checked(client)
    assert first == [("calendars", WORK.id), ("bookings", WORK.id)]
    connected(cast.sarah, "Elsewhere")
    assert checked(client) == [("calendars", WORK.id), ("bookings", "")]


def test_without_a_main_calendar_the_first_that_can_be_written_is_suggested(cast: Cast, account: Account) -> None:
    account.choices = (HOLIDAYS, TEAM)
    client = signed_in(cast.sarah)
    client.post(CALDAV, TYPED)
    assert checked(client) == [("calendars", TEAM.id), ("bookings", TEAM.id)]


def checked(client: Client) -> list[tuple[str, str]]:
    """What is chosen on the page of the choice when it opens."""
    html = client.get(CHOOSE).content.decode()
    inputs = [tag for tag in re.findall(r"<input[^>]+>", html) if "checked" in tag]
    return [(re.findall('name="([^"]*)', tag)[0], re.findall('value="([^"]*)', tag)[0]) for tag in inputs]


def test_none_may_get_the_bookings(cast: Cast, account: Account) -> None:
    client = signed_in(cast.sarah)
    client.post(CALDAV, TYPED)
    client.post(CHOOSE, {"calendars": [WORK.id], "bookings": ""})
    calendar = CalendarIntegration.objects.get()
    assert (calendar.is_primary, calendar.sync_direction) == (False, "One-way (Read Only)")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose at least one calendar."),
        ({"calendars": [WORK.id], "bookings": TEAM.id}, "Choose this calendar above too"),
        ({"calendars": ["https://evil.example/"]}, "https://evil.example/ is not one of the available choices."),
        ({"calendars": [HOLIDAYS.id], "bookings": HOLIDAYS.id}, "is not one of the available choices."),
    ],
)
def test_a_choice_that_cannot_be_is_refused(cast: Cast, account: Account, data: dict[str, str], told: str) -> None:
    client = signed_in(cast.sarah)
    client.post(CALDAV, TYPED)
    page = client.post(CHOOSE, data)
    assert page.status_code == 422
    assert told in text(page)
    assert not CalendarIntegration.objects.exists()


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (AuthRevokedError("The server does not let us in."), "password"),
        (NotFoundError("There is no calendar server at this address."), "url"),
        (TransientError("The server could not be reached."), "url"),
    ],
)
def test_what_goes_wrong_is_told_where_it_can_be_mended(cast: Cast, error: Exception, field: str) -> None:
    def refuse(*_: object) -> Account:
        raise error

    with accounts(refuse):  # type: ignore[arg-type] # an opening that fails
        page = signed_in(cast.sarah).post(CALDAV, TYPED)
    html = page.content.decode()
    assert page.status_code == 422
    assert f'<a href="#id_{field}">{error}</a>' in html
    assert 'value="dav.example"' in html
    assert 'value="sarah"' in html
    assert PASSWORD not in html
    assert not CalendarIntegration.objects.exists()
    assert signed_in(cast.sarah).get(CHOOSE).status_code == 302


@pytest.mark.parametrize("field", ["url", "username", "password"])
def test_everything_is_needed(cast: Cast, account: Account, field: str) -> None:
    page = signed_in(cast.sarah).post(CALDAV, {**TYPED, field: " "})
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.content.decode()
    assert not account.opened


def test_credentials_are_in_no_page_and_sealed_in_the_session_until_they_are_used(cast: Cast, account: Account) -> None:
    client = signed_in(cast.sarah)
    pages = [client.post(CALDAV, TYPED, follow=True), client.get(CALDAV)]
    assert PASSWORD not in str(dict(client.session))
    kept = client.session[keeping.FOUND]
    pages.append(client.post(CHOOSE, {"calendars": [WORK.id]}, follow=True))
    assert keeping.FOUND not in client.session
    pages.append(client.get(page_of(CalendarIntegration.objects.get(), "edit")))
    for page in pages:
        assert PASSWORD not in page.content.decode()
        assert kept not in page.content.decode()
        assert "no-store" in page["Cache-Control"]


def test_what_lies_in_the_session_is_forgotten_after_a_quarter_of_an_hour(cast: Cast, account: Account) -> None:
    client = signed_in(cast.sarah)
    client.post(CALDAV, TYPED)
    session = client.session
    value = keeping.look(session, keeping.FOUND, timezone.now())
    assert value
    keeping.keep(session, keeping.FOUND, value, timezone.now() - keeping.KEPT_FOR)
    session.save()
    page = client.post(CHOOSE, {"calendars": [WORK.id]}, follow=True)
    assert "What was begun is no longer known." in text(page)
    assert keeping.FOUND not in client.session
    assert not CalendarIntegration.objects.exists()


def test_calendars_that_are_connected_are_not_offered_again(cast: Cast, account: Account) -> None:
    connected(cast.sarah, calendar_id=WORK.id)
    client = signed_in(cast.sarah)
    page = client.post(CALDAV, TYPED, follow=True)
    assert "Connected already: Work" in text(page)
    assert f'value="{WORK.id}"' not in page.content.decode()


def test_a_new_password_lets_the_calendar_in_anew(cast: Cast, account: Account) -> None:
    calendar = connected(cast.sarah)
    change(calendar, failing_since=NOW)
    before = bytes(stored(calendar).credentials)
    client = signed_in(cast.sarah)
    path = page_of(calendar, "reconnect")
    html = client.get(path).content.decode()
    assert PASSWORD not in html
    assert re.search(r'<input[^>]+value="sarah"', html)
    page = client.post(path, {"username": "sarah", "password": "another-secret"}, follow=True)
    assert "The calendar is connected anew" in text(page)
    assert account.opened == [({"username": "sarah", "password": "another-secret"}, calendar.calendar_id)]
    assert bytes(stored(calendar).credentials) != before


def test_the_password_of_another_account_is_refused(cast: Cast, account: Account) -> None:
    calendar = connected(cast.sarah)
    before = bytes(stored(calendar).credentials)
    account.name = "mike@calendars.example"
    data = {"username": "mike", "password": "another-secret"}
    page = signed_in(cast.sarah).post(page_of(calendar, "reconnect"), data)
    assert page.status_code == 422
    assert "You signed in as mike@calendars.example" in text(page)
    assert bytes(stored(calendar).credentials) == before


# iCal


def test_a_feed_is_read_before_it_is_connected(cast: Cast, feed: Feed) -> None:
    data = {"ical_url": feed.url, "integration_name": "Family"}
    page = signed_in(cast.sarah).post(ICAL, data, follow=True)
    assert "The feed is connected" in text(page)
    calendar = CalendarIntegration.objects.get()
    assert (calendar.user, calendar.ical_url, calendar.is_primary) == (cast.sarah, feed.url, False)
    assert feed.url not in page.content.decode()


@pytest.mark.parametrize(
    ("trouble", "told"), [(404, "There is no calendar at this address"), (500, "The server is in trouble")]
)
def test_a_feed_that_cannot_be_read_is_not_connected(cast: Cast, feed: Feed, trouble: int, told: str) -> None:
    feed.trouble = (trouble, {})
    page = signed_in(cast.sarah).post(ICAL, {"ical_url": feed.url, "integration_name": "Family"})
    html = page.content.decode()
    assert page.status_code == 422
    assert re.search(rf'<a href="#id_ical_url">{told}', html)
    assert feed.url in html, "what was typed is not lost"
    assert 'value="Family"' in html
    assert not CalendarIntegration.objects.exists()


def test_what_is_no_address_is_refused(cast: Cast) -> None:
    page = signed_in(cast.sarah).post(ICAL, {"ical_url": "family.ics", "integration_name": "Family"})
    assert "iCal URL must start with" in text(page)
    assert not CalendarIntegration.objects.exists()


def test_a_name_that_is_taken_is_refused(cast: Cast, feed: Feed) -> None:
    feed_of(cast.sarah)
    page = signed_in(cast.sarah).post(ICAL, {"ical_url": feed.url, "integration_name": "Family"})
    assert '<a href="#id_integration_name">' in page.content.decode()
    assert CalendarIntegration.objects.count() == 1


def test_a_new_address_takes_the_place_of_the_old_one_that_nobody_is_shown(cast: Cast, feed: Feed) -> None:
    calendar = feed_of(cast.sarah)
    client = signed_in(cast.sarah)
    path = page_of(calendar, "reconnect")
    for page in (LIST, page_of(calendar, "edit"), path):
        assert "s3cret" not in client.get(page).content.decode()
    feed.trouble = (404, {})
    assert client.post(path, {"ical_url": feed.url}).status_code == 422
    assert "s3cret" in stored(calendar).ical_url
    feed.trouble = None
    client.post(path, {"ical_url": feed.url})
    assert stored(calendar).ical_url == feed.url


# Google and Microsoft


def leave(client: Client, **data: str) -> str:
    """Where the page leads that begins."""
    page = client.post(GOOGLE, data)
    assert page.status_code == 200
    (address,) = re.findall(r'<meta http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    return str(address).replace("&amp;", "&")


def come_back(client: Client, signin: SignIn, address: str) -> str:
    """What the provider has the browser open, once the member agreed."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    status, headers, _ = signin.answer_get("/authorize", asked)
    assert status == 302, "the redirect is the one that the provider knows"
    return headers["Location"].removeprefix("http://127.0.0.1:8000")


def test_a_member_agrees_at_google_and_chooses(cast: Cast, signin: SignIn) -> None:
    client = signed_in(cast.sarah)
    assert "Google asks you to sign in" in text(client.get(KINDS))
    page = client.get(come_back(client, signin, leave(client)), follow=True)
    assert page.redirect_chain == [(CHOOSE, 302)]
    assert not CalendarIntegration.objects.exists(), "coming back changes nothing that is stored"
    (grant,) = signin.grants
    for token in grant.access | grant.refresh:
        assert token not in page.content.decode()
        assert token not in str(dict(client.session))
    client.post(CHOOSE, {"calendars": [WORK.id], "bookings": WORK.id})
    calendar = CalendarIntegration.objects.get()
    assert (calendar.integration_type, calendar.is_primary) == ("Google Calendar", True)
    assert keeping.FOUND not in client.session
    assert keeping.CONSENT not in client.session


def test_a_member_who_says_no_is_told_so(cast: Cast, signin: SignIn) -> None:
    client = signed_in(cast.sarah)
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    page = client.get(BACK, {"error": "access_denied", "state": state})
    assert page.status_code == 422
    assert "Google was not allowed to let us in. Nothing was stored." in text(page)
    assert not signin.asked


@pytest.mark.parametrize("query", [{}, {"state": "x", "code": "y"}, {"state": "", "code": "y"}])
def test_an_answer_to_no_question_is_refused(cast: Cast, signin: SignIn, query: dict[str, str]) -> None:
    client = signed_in(cast.sarah)
    assert client.get(BACK, query).status_code == 422
    leave(client)
    page = client.get(BACK, query)
    assert page.status_code == 422
    assert "This answer belongs to no question of ours." in text(page)
    assert not signin.asked
    assert keeping.FOUND not in client.session


def test_an_answer_counts_once_and_in_its_own_session_only(cast: Cast, signin: SignIn) -> None:
    client, other = signed_in(cast.sarah), signed_in(cast.mike)
    back = come_back(client, signin, leave(client))
    leave(other)
    assert other.get(back).status_code == 422
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 422


def test_an_answer_of_google_is_none_of_microsofts(cast: Cast, signin: SignIn) -> None:
    client = signed_in(cast.sarah)
    back = come_back(client, signin, leave(client))
    assert client.get(back.replace("google", "outlook")).status_code == 422
    assert client.get(back.replace("google", "nobody")).status_code == 404


def test_trouble_at_the_provider_is_told_in_words(cast: Cast, signin: SignIn) -> None:
    client = signed_in(cast.sarah)
    back = come_back(client, signin, leave(client))
    signin.faults.append((503, {}, b""))
    page = client.get(back)
    assert page.status_code == 422
    assert "Google is in trouble (HTTP 503)." in text(page)


def test_a_calendar_of_google_is_let_in_anew(cast: Cast, signin: SignIn, account: Account) -> None:
    calendar = connected(
        cast.sarah,
        integration_type="Google Calendar",
        credentials={"refresh_token": "old"},
        calendar_id=WORK.id,
    )
    client = signed_in(cast.sarah)
    assert "Sign in there as sarah@calendars.example." in text(client.get(page_of(calendar, "reconnect")))
    before = bytes(stored(calendar).credentials)
    page = client.get(come_back(client, signin, leave(client, calendar=calendar.name)), follow=True)
    assert "Reconnect “Work”?" in text(page)
    assert bytes(stored(calendar).credentials) == before
    assert "The calendar is connected anew" in text(client.post(CHOOSE, follow=True))
    assert bytes(stored(calendar).credentials) != before
    assert signed_in(cast.mike).post(GOOGLE, {"calendar": calendar.name}).status_code == 404


def test_a_site_that_is_not_known_at_google_leads_nowhere(cast: Cast, account: Account) -> None:
    page = signed_in(cast.sarah).post(GOOGLE, follow=True)
    assert "This site is not set up for calendars of this kind." in text(page)
    assert signed_in(cast.sarah).post(f"{KINDS}nobody/").status_code == 404
    assert signed_in(cast.sarah).get(GOOGLE).status_code == 405
