"""People as System Managers look after them: found, invited, edited, disabled with an eye on their bookings."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import book
from meeting_manager.bookings.times import offered_slots
from meeting_manager.departments.services import add_member
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User
from meeting_manager.people.services import create_user, disable_user, invite_user
from meeting_manager.people.services.account_mail import ACCOUNT_MAIL, words_of
from tests.cast import CUSTOMERS, NOW, Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

LIST, INVITE = "/workspace/people/", "/workspace/people/invite/"
SARAH = f"{LIST}sarah@bestsecurity.example/"
PASSWORD = "nine quiet harbours"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast.admin)


def booked_for(cast: Cast, host: User, nth: int = 0) -> Booking:
    """A booking of a customer with `host` that is to come."""
    now = timezone.now().replace(microsecond=0)
    days = now.date() + timedelta(days=1), now.date() + timedelta(days=9)
    offer = offered_slots(meeting_type=cast.call, first=days[0], last=days[1], now=now)
    start = moment(offer.slots[4 + 2 * nth].start)
    customer = Customer(name=CUSTOMERS[0].name, email=CUSTOMERS[0].email)
    return book(meeting_type=cast.call, start=start, customer=customer, actor=cast.admin, host=host, now=now).booking


def letters() -> list[tuple[str, str]]:
    """(recipient, text) of the mails about accounts that are owed."""
    owed = Delivery.objects.filter(kind=ACCOUNT_MAIL).order_by("pk")
    return [(each.recipient, words.text) for each in owed if (words := words_of(each.payload))]


def test_people_are_for_those_who_may_read_them(cast: Cast) -> None:
    for path, statuses in (
        (LIST, (200, 200, 403, 403, 302)),
        (INVITE, (200, 403, 403, 403, 302)),
        (SARAH, (200, 200, 200, 404, 302)),
        (f"{SARAH}edit/", (200, 403, 403, 403, 302)),
        (f"{SARAH}disable/", (200, 403, 403, 403, 302)),
        (f"{LIST}mike@bestsecurity.example/", (200, 200, 200, 404, 302)),
        (f"{LIST}none@bestsecurity.example/", (404, 404, 404, 404, 302)),
    ):
        people = (cast.admin, cast.lead, cast.sarah, cast.outsider, None)
        assert tuple(signed_in(who).get(path).status_code for who in people) == statuses


def test_only_system_managers_change_accounts(cast: Cast) -> None:
    for path in (INVITE, f"{SARAH}edit/", f"{SARAH}invite/", f"{SARAH}disable/", f"{SARAH}enable/"):
        sent = {"email": "new@bestsecurity.example", "full_name": "New", "is_system_manager": "on"}
        for who in (cast.lead, cast.sarah):
            assert signed_in(who).post(path, sent).status_code == 403
        assert signed_in(cast.admin, checks_csrf=True).post(path, sent).status_code == 403
        sarah = User.objects.get(pk=cast.sarah.pk)
        assert (sarah.full_name, sarah.is_system_manager, sarah.is_active) == ("Sarah", False, True)
        assert not User.objects.filter(email=sent["email"]).exists()
        assert letters() == []


def test_people_are_found_by_what_they_are(cast: Cast, admin: Client) -> None:
    disable_user(actor=cast.admin, user=cast.jane, now=NOW)
    for query, names in (
        ("", "Admin Jane Lead Mike Outsider Sarah"),
        ("q=sar", "Sarah"),
        ("q=OUTSIDER@", "Outsider"),
        ("department=sales", "Outsider"),
        ("role=manager", "Admin"),
        ("role=leader", "Lead"),
        ("role=none", "Admin"),
        ("state=disabled", "Jane"),
        ("state=active&department=support", "Lead Mike Sarah"),
        ("role=nonsense", "Admin Jane Lead Mike Outsider Sarah"),
    ):
        people = admin.get(f"{LIST}?{query}").context["people"]
        assert " ".join(person.user.full_name for person in people) == names


def test_a_leader_sees_their_members_and_of_them_no_other_departments(cast: Cast) -> None:
    add_member(actor=cast.admin, department=cast.sales, member=cast.sarah)
    lead = signed_in(cast.lead)
    assert cast.outsider.email not in lead.get(LIST).content.decode()
    for page in (LIST, SARAH):
        assert "Member of Support" in text(lead.get(page))
        assert "Member of Sales" not in text(lead.get(page))
    assert "Member of Sales" in text(signed_in(cast.admin).get(SARAH))


def test_people_cost_no_queries_each(
    cast: Cast, admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    for names in ((), ("ann", "bob")):
        for name in names:
            create_user(actor=cast.admin, email=f"{name}@x.example", now=NOW)
        with django_assert_max_num_queries(10) as context:
            admin.get(LIST)
        counted.append(len(context))
    assert counted[0] == counted[1]


def test_the_invited_choose_a_password_by_the_link_in_the_mail_and_are_in(cast: Cast, admin: Client) -> None:
    answer = admin.post(INVITE, {"email": "New@bestsecurity.example", "full_name": "Nora New"}, follow=True)
    assert "Invited" in text(answer)
    ((recipient, words),) = letters()
    assert recipient == "new@bestsecurity.example"
    assert "Hello Nora New," in words
    assert "Admin has made an account for you" in words
    link = re.search(r"https?://[^/]+(/\S+)", words)
    assert link
    guest = Client()
    form = guest.get(link[1], follow=True)
    guest.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    invited = User.objects.get(email=recipient)
    assert invited.check_password(PASSWORD)
    newcomer = Client()
    newcomer.post("/accounts/login/", {"login": recipient, "password": PASSWORD})
    assert newcomer.get("/accounts/").status_code == 200
    assert [person.state for person in admin.get(f"{LIST}?q=nora").context["people"]] == ["Active"]


def test_an_invitation_is_sent_again_while_there_is_no_password(cast: Cast, admin: Client) -> None:
    invited = invite_user(actor=cast.admin, email="new@bestsecurity.example", now=timezone.now())
    page = f"{LIST}{invited.email}/"
    assert "Send the invitation again" in text(admin.get(page))
    admin.post(f"{page}invite/")
    assert [recipient for recipient, _ in letters()] == [invited.email] * 2
    refused = admin.post(f"{SARAH}invite/", follow=True)
    assert "is not waiting for an invitation" in text(refused)
    assert len(letters()) == 2


def test_nobody_is_invited_twice_or_at_no_address(cast: Cast, admin: Client) -> None:
    for wrong in (cast.sarah.email, "nonsense", ""):
        assert admin.post(INVITE, {"email": wrong}).status_code == 422
    assert letters() == []


def test_a_person_has_roles_calendars_and_what_comes_next(cast: Cast, admin: Client) -> None:
    booking = booked_for(cast, cast.sarah)
    page = admin.get(SARAH)
    assert "Member of Support" in text(page)
    assert "None connected" in text(page)
    assert booking.meeting_title in text(page)
    assert booking.meeting_title not in text(admin.get(f"{LIST}{cast.mike.email}/"))


def test_colleagues_read_of_each_other_what_they_share_and_no_more(cast: Cast) -> None:
    booking = booked_for(cast, cast.mike)
    page = signed_in(cast.sarah).get(f"{LIST}{cast.mike.email}/")
    assert "Member of Support" in text(page)
    for more in (booking.meeting_title, "Calendars", "Last signed in", "Edit"):
        assert more not in text(page)


def test_name_and_flag_are_edited_but_the_last_system_manager_stays_one(cast: Cast, admin: Client) -> None:
    admin.post(f"{SARAH}edit/", {"full_name": "Sarah S", "is_system_manager": "on"})
    sarah = User.objects.get(pk=cast.sarah.pk)
    assert (sarah.full_name, sarah.is_system_manager) == ("Sarah S", True)
    admin.post(f"{SARAH}edit/", {"full_name": "Sarah"})
    refused = admin.post(f"{LIST}{cast.admin.email}/edit/", {"full_name": "Admin"})
    assert refused.status_code == 422
    assert "last active System Manager" in text(refused)
    assert User.objects.get(pk=cast.admin.pk).is_system_manager


def test_disabling_shows_first_which_bookings_need_another_host(cast: Cast, admin: Client) -> None:
    bookings = [booked_for(cast, cast.sarah), booked_for(cast, cast.sarah, 1)]
    booked_for(cast, cast.mike, 2)
    html = admin.get(f"{SARAH}disable/").content.decode()
    assert "2 bookings still have them as their host" in html
    for booking in bookings:
        back = "next=%2Fworkspace%2Fpeople%2Fsarah%40bestsecurity.example%2Fdisable%2F"
        assert f'href="/workspace/bookings/{booking.name}/reassign/?{back}"' in html
    plan = re.search(r'href="(/workspace/away/\?[^"]+)"', html)
    assert plan
    assert admin.get(plan[1].replace("&amp;", "&")).status_code == 200
    assert User.objects.get(pk=cast.sarah.pk).is_active


def test_disabling_ends_what_the_account_can_do_and_enabling_brings_it_back(cast: Cast, admin: Client) -> None:
    sarah = signed_in(cast.sarah)
    assert sarah.get("/accounts/").status_code == 200
    admin.post(f"{SARAH}disable/")
    assert sarah.get("/accounts/").status_code == 302
    assert "Disabled" in text(admin.get(SARAH))
    admin.post(f"{SARAH}enable/")
    assert User.objects.get(pk=cast.sarah.pk).is_active


@pytest.mark.parametrize(("name", "said"), [("lead", "leads department"), ("admin", "last active System Manager")])
def test_who_is_still_needed_is_not_disabled(cast: Cast, admin: Client, name: str, said: str) -> None:
    user = getattr(cast, name)
    refused = admin.post(f"{LIST}{user.email}/disable/")
    assert refused.status_code == 422
    assert said in text(refused)
    assert User.objects.get(pk=user.pk).is_active


def test_one_may_disable_oneself_where_another_manager_stays(cast: Cast, admin: Client) -> None:
    create_user(actor=cast.admin, email="two@bestsecurity.example", is_system_manager=True, now=NOW)
    assert "/accounts/login/" in admin.post(f"{LIST}{cast.admin.email}/disable/")["Location"]
