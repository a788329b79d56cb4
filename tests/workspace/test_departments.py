"""Departments as their managers set them up: who may do what, members in order, accent, logo, and the way out."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from meeting_manager.departments.models import Department
from meeting_manager.departments.queries import members_of
from meeting_manager.departments.services import create_department
from meeting_manager.people.services import create_user
from meeting_manager.workspace.department_forms import moved
from meeting_manager.workspace.setup_forms import as_html, as_typed
from tests.cast import NOW, Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

LIST = "/workspace/departments/"
NEW = "/workspace/new-department/"
SUPPORT, SALES = f"{LIST}support/", f"{LIST}sales/"
MEMBERS = f"{SUPPORT}members/"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast.admin)


@pytest.fixture
def lead(cast: Cast) -> Client:
    return signed_in(cast.lead)


def record(department: Department, **changes: object) -> dict[str, object]:
    """What a browser sends of the general page, boxes that are off left out."""
    leader = department.department_leader
    fields = {
        "department_name": department.department_name,
        "department_slug": department.department_slug,
        "description": department.description,
        "contact": department.contact,
        "accent_color": department.accent_color,
        "department_leader": leader.email if leader else "",
        "notify_leader_on_booking": "on",
        "timezone": department.timezone,
        "assignment_algorithm": department.assignment_algorithm,
        "max_bookings_per_day": department.max_bookings_per_day,
        "calendar_changes": department.calendar_changes,
        "offer_unread_calendars": "on",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def order_of(department: Department) -> list[str]:
    return [row.member.full_name for row in members_of(department)]


def test_departments_are_set_up_by_those_who_manage_them(cast: Cast) -> None:
    for path, statuses in (
        (LIST, (200, 200, 403, 403, 302)),
        (NEW, (200, 403, 403, 403, 302)),
        (SUPPORT, (200, 200, 403, 403, 302)),
        (f"{SUPPORT}logo/", (200, 200, 403, 403, 302)),
        (f"{SUPPORT}danger/", (200, 200, 403, 403, 302)),
        (MEMBERS, (200, 200, 403, 403, 302)),
        (SALES, (200, 403, 403, 403, 302)),
        (f"{SALES}members/", (200, 403, 403, 403, 302)),
        (f"{LIST}none/", (404, 404, 403, 403, 302)),
        (f"{LIST}tones.svg?color=%232450c8", (200, 200, 403, 403, 302)),
    ):
        people = (cast.admin, cast.lead, cast.sarah, cast.outsider, None)
        assert tuple(signed_in(who).get(path).status_code for who in people) == statuses


def test_members_are_changed_by_those_who_manage_the_department(cast: Cast) -> None:
    before = list(members_of(cast.support).values_list("member", "is_active", "position"))
    for action in ("add/", "order/", "mike@bestsecurity.example/", "mike@bestsecurity.example/remove/"):
        for who in (cast.sarah, cast.outsider):
            assert signed_in(who).post(f"{MEMBERS}{action}", {"member": cast.admin.email}).status_code == 403
        assert signed_in(cast.lead, checks_csrf=True).post(f"{MEMBERS}{action}").status_code == 403
        assert list(members_of(cast.support).values_list("member", "is_active", "position")) == before


def test_the_list_has_what_one_manages_and_can_be_narrowed(cast: Cast, admin: Client, lead: Client) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(is_active=False)
    assert SALES in admin.get(LIST).content.decode()
    assert SALES not in lead.get(LIST).content.decode()
    for query, has_support, has_sales in (
        ("q=sup", True, False),
        ("state=inactive", False, True),
        ("q=x", False, False),
    ):
        html = admin.get(f"{LIST}?{query}").content.decode()
        assert (SUPPORT in html, SALES in html) == (has_support, has_sales)
    assert "No department fits." in text(admin.get(f"{LIST}?q=x"))


def test_a_site_without_departments_leads_to_the_first_steps(cast: Cast, admin: Client) -> None:
    Department.objects.all().update(department_leader=None)
    for kind in (cast.call, cast.planning, cast.consultation):
        kind.delete()
    Department.objects.all().delete()
    page = admin.get(LIST)
    assert "There is no department yet." in text(page)
    assert 'href="/workspace/welcome/"' in page.content.decode()


def test_departments_cost_no_queries_each(
    cast: Cast, admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    for names in ((), ("Second", "Third")):
        for name in names:
            fields = {"department_name": name, "department_leader": cast.sarah}
            create_department(actor=cast.admin, fields=fields, members=[{"member": cast.sarah}])
        with django_assert_max_num_queries(8) as context:
            admin.get(LIST)
        counted.append(len(context))
    assert counted[0] == counted[1]


def test_a_new_department_needs_a_name_and_a_member(cast: Cast, admin: Client) -> None:
    refused = admin.post(NEW, {"department_name": "Care", "timezone": "Europe/Berlin", "member": "nobody@x.example"})
    assert refused.status_code == 422
    assert "nobody@x.example" in text(refused)
    sent = {"department_name": "Care", "timezone": "Europe/Berlin", "member": cast.jane.email, "leads": "on"}
    answer = admin.post(NEW, sent)
    made = Department.objects.get(department_slug="care")
    assert answer["Location"] == f"{LIST}care/members/"
    assert (made.timezone, made.department_leader, order_of(made)) == ("Europe/Berlin", cast.jane, ["Jane"])


def test_a_system_manager_changes_the_record(cast: Cast, admin: Client) -> None:
    sent = record(
        cast.support,
        department_slug="help",
        description="Hello.\n\nWe <3 calls & chats.",
        contact="+49 30 1",
        accent_color="#2450c8",
        department_leader=cast.sarah.email,
        notify_leader_on_booking=None,
        assignment_algorithm="Weighted",
        max_bookings_per_day="9",
        members_may_book="on",
        calendar_changes="follow",
        offer_unread_calendars=None,
    )
    answer = admin.post(SUPPORT, sent)
    stored = Department.objects.get(pk=cast.support.pk)
    assert answer["Location"] == f"{LIST}help/"
    assert (stored.department_leader, stored.accent_color, stored.max_bookings_per_day) == (cast.sarah, "#2450c8", 9)
    assert stored.description == "<p>Hello.</p>\n\n<p>We &lt;3 calls &amp; chats.</p>"
    assert (stored.members_may_book, stored.offer_unread_calendars, stored.notify_leader_on_booking) == (
        True,
        False,
        False,
    )
    assert (stored.calendar_changes, stored.assignment_algorithm, stored.contact) == ("follow", "Weighted", "+49 30 1")


def test_what_is_wrong_is_said_beside_its_field(cast: Cast, admin: Client) -> None:
    for field, value in (
        ("department_name", ""),
        ("department_slug", "sales"),
        ("accent_color", "#ffff00"),
        ("department_leader", "outsider@bestsecurity.example"),
        ("timezone", "Mars/Base"),
        ("max_bookings_per_day", "-1"),
    ):
        answer = admin.post(SUPPORT, record(cast.support, **{field: value}))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'href="#id_{field}' in html
        assert "Error:" in html
        stored = Department.objects.get(pk=cast.support.pk)
        assert (stored.department_name, stored.department_slug, stored.department_leader) == (
            "Support",
            "support",
            cast.lead,
        )


def test_a_leader_reads_the_record_and_changes_nothing_of_it(cast: Cast, lead: Client) -> None:
    assert "System Managers change these." in text(lead.get(SUPPORT))
    lead.post(SUPPORT, record(cast.support, department_name="Mine"))
    assert Department.objects.get(pk=cast.support.pk).department_name == "Support"


def test_rich_text_is_typed_plainly_where_that_says_all_of_it() -> None:
    for html in ("<p>One<br>two</p>\n\n<p>A &amp; B</p>", '<p>See <a href="https://x.example">this</a></p>', ""):
        typed = as_typed(html)
        assert as_html(typed) == html
        assert ("<" in typed) == ("<a" in html)


def test_the_tones_of_an_accent_are_drawn_and_no_colour_has_none(admin: Client) -> None:
    picture = admin.get(f"{LIST}tones.svg?color=%232450c8")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b'fill="#2450c8"' in picture.content
    for wrong in ("", "%23ffff00", "red", '"/>'):
        assert admin.get(f"{LIST}tones.svg?color={wrong}").status_code == 404


def test_a_leader_sets_and_removes_the_logo(cast: Cast, lead: Client) -> None:
    content = BytesIO()
    Image.new("RGB", (40, 20), "red").save(content, "PNG")
    lead.post(f"{SUPPORT}logo/", {"logo": SimpleUploadedFile("a.png", content.getvalue(), "image/png")})
    stored = Department.objects.get(pk=cast.support.pk)
    assert stored.logo_url
    assert stored.logo_url in lead.get(f"{SUPPORT}logo/").content.decode()
    refused = lead.post(f"{SUPPORT}logo/", {"logo": SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml")})
    assert refused.status_code == 422
    lead.post(f"{SUPPORT}logo/", {"remove": "1"})
    assert not Department.objects.get(pk=cast.support.pk).logo_url


def test_members_are_found_by_name_and_added(cast: Cast, admin: Client) -> None:
    found = admin.get(f"{MEMBERS}?q=outs")
    assert f'value="{cast.outsider.email}"' in found.content.decode()
    answer = admin.post(f"{MEMBERS}add/", {"member": cast.outsider.email}, follow=True)
    assert "Outsider is a member now." in text(answer)
    assert order_of(cast.support)[-1] == "Outsider"
    assert "is already a member" in text(admin.post(f"{MEMBERS}add/", {"member": cast.outsider.email}))


def test_a_leader_finds_nobody_they_do_not_see_but_adds_by_address(cast: Cast, lead: Client) -> None:
    assert cast.outsider.email not in lead.get(f"{MEMBERS}?q=outs").content.decode()
    assert f'value="{cast.outsider.email}"' in lead.get(f"{MEMBERS}?q={cast.outsider.email}").content.decode()
    lead.post(f"{MEMBERS}add/", {"member": cast.outsider.email})
    assert "Outsider" in order_of(cast.support)


def test_members_move_one_place_or_all_at_once(cast: Cast, lead: Client) -> None:
    lead.post(f"{MEMBERS}order/", {"email": cast.mike.email, "by": "-1"})
    assert order_of(cast.support) == ["Mike", "Sarah", "Jane", "Lead"]
    everybody = [user.email for user in (cast.lead, cast.jane, cast.mike, cast.sarah)]
    lead.post(f"{MEMBERS}order/", {"order": everybody})
    assert order_of(cast.support) == ["Lead", "Jane", "Mike", "Sarah"]
    assert lead.post(f"{MEMBERS}order/", {"order": everybody[1:]}).status_code == 422


def test_who_stands_at_the_end_moves_no_further() -> None:
    assert moved(["a", "b"], "a", -1) == ["a", "b"]
    assert moved(["a", "b"], "b", 1) == ["a", "b"]
    assert moved(["a", "b"], "c", 1) == ["a", "b"]


def test_priority_and_taking_part_are_saved_and_explained(cast: Cast, lead: Client) -> None:
    lead.post(f"{MEMBERS}{cast.mike.email}/", {"assignment_priority": "4"})
    row = cast.support.members.get(member=cast.mike)
    assert (row.assignment_priority, row.is_active) == (4, False)
    assert lead.post(f"{MEMBERS}{cast.mike.email}/", {"assignment_priority": "11"}).status_code == 422
    assert "everybody takes turns" in text(lead.get(MEMBERS))
    Department.objects.filter(pk=cast.support.pk).update(assignment_algorithm="Weighted")
    assert "the priority is a share" in text(lead.get(MEMBERS))


def test_a_member_goes_unless_they_lead(cast: Cast, lead: Client) -> None:
    lead.post(f"{MEMBERS}{cast.mike.email}/remove/")
    assert order_of(cast.support) == ["Sarah", "Jane", "Lead"]
    refused = lead.post(f"{MEMBERS}{cast.lead.email}/remove/")
    assert refused.status_code == 422
    assert "leads this department" in text(refused)


def test_members_cost_no_queries_each(
    cast: Cast, lead: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    for names in ((), ("ann", "bob")):
        for name in names:
            user = create_user(actor=cast.admin, email=f"{name}@x.example", now=NOW)
            lead.post(f"{MEMBERS}add/", {"member": user.email})
        with django_assert_max_num_queries(10) as context:
            lead.get(MEMBERS)
        counted.append(len(context))
    assert counted[0] == counted[1]


def test_a_department_is_deactivated_and_comes_back(cast: Cast, admin: Client, lead: Client) -> None:
    danger = f"{SUPPORT}danger/"
    assert lead.post(danger, {"do": "deactivate"}).status_code == 403
    assert admin.post(danger, {"do": "nonsense"}).status_code == 404
    admin.post(danger, {"do": "deactivate"})
    assert not Department.objects.get(pk=cast.support.pk).is_active
    admin.post(danger, {"do": "activate"})
    assert Department.objects.get(pk=cast.support.pk).is_active


def test_only_a_department_without_types_is_deleted(cast: Cast, admin: Client) -> None:
    page = admin.get(f"{SALES}danger/")
    assert "It has 1 meeting type." in text(page)
    assert "Delete for good" not in text(page)
    assert admin.post(f"{SALES}danger/", {"do": "delete"}).status_code == 422
    cast.consultation.delete()
    assert "Delete for good" in text(admin.get(f"{SALES}danger/"))
    admin.post(f"{SALES}danger/", {"do": "delete"})
    assert not Department.objects.filter(pk=cast.sales.pk).exists()
