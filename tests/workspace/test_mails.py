"""The words of mails: who reads them, and a department's own."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meeting_manager.departments.models import Department
from meeting_manager.departments.services import create_department
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.services.texts import set_text
from tests.cast import NOW, Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

MAILS = "/workspace/mails/"
BOOKED = f"{MAILS}customer_booked/"
SUPPORT = f"{BOOKED}of/support/"
SALES = f"{BOOKED}of/sales/"
OWN = {"subject": "See you on {{ short_when }}", "text": "Dear {{ recipient_name }},\n\nwe are looking forward to it."}


@pytest.fixture
def lead(cast: Cast) -> Client:
    return signed_in(cast.lead)


def own_words(cast: Cast, department: Department | None = None, message: str = "customer_booked") -> MailText:
    stored = set_text(actor=cast.admin, department=department or cast.support, message=message, now=NOW, **OWN)
    assert stored is not None
    return stored


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        (MAILS, (200, 200, 403, 403, 302)),
        (BOOKED, (200, 200, 403, 403, 302)),
        (f"{BOOKED}html/", (200, 200, 403, 403, 302)),
        (SUPPORT, (200, 200, 403, 403, 302)),
        (f"{SUPPORT}html/", (200, 200, 403, 403, 302)),
        (SALES, (200, 403, 403, 403, 302)),
        (f"{SALES}html/", (200, 403, 403, 403, 302)),
        (f"{BOOKED}of/none/", (404, 404, 403, 403, 302)),
        (f"{MAILS}none/", (404, 404, 403, 403, 302)),
        (f"{MAILS}none/of/support/", (404, 404, 403, 403, 302)),
    ],
)
def test_mails_are_for_those_who_manage_a_department(cast: Cast, path: str, statuses: tuple[int, ...]) -> None:
    people = (cast.admin, cast.lead, cast.sarah, cast.outsider, None)
    assert tuple(signed_in(who).get(path).status_code for who in people) == statuses


@pytest.mark.parametrize("path", [SUPPORT, f"{SUPPORT}reset/"])
def test_only_those_who_manage_the_department_change_its_words(cast: Cast, path: str) -> None:
    own_words(cast)
    for who in (cast.sarah, cast.outsider, None):
        status = signed_in(who).post(path, {"subject": "Mine", "text": ""}).status_code
        assert status == (403 if who else 302)
    assert signed_in(cast.lead).post(path.replace("support", "sales"), {"subject": "Mine"}).status_code == 403
    assert MailText.objects.get().subject == OWN["subject"]


def test_all_messages_are_listed_and_own_words_are_marked(cast: Cast, lead: Client) -> None:
    own_words(cast)
    own_words(cast, cast.sales)
    page = lead.get(MAILS)
    for message in Message:
        assert str(message.label) in text(page)
        assert f'href="{MAILS}{message.value}/"' in page.content.decode()
    assert f'href="{SUPPORT}"' in page.content.decode()
    assert "Support: own words" in text(page)
    assert "Sales: own words" not in text(page)
    assert "Sales: own words" in text(signed_in(cast.admin).get(MAILS))


@pytest.mark.parametrize("message", [each.value for each in Message])
def test_every_message_is_previewed_as_text_and_in_a_frame_that_can_do_nothing(lead: Client, message: str) -> None:
    page, framed = lead.get(f"{MAILS}{message}/"), lead.get(f"{MAILS}{message}/html/")
    assert page.status_code == 200
    assert f'src="{MAILS}{message}/html/"' in page.content.decode()
    assert "sandbox" in framed["Content-Security-Policy"]
    assert "script-src" not in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "<html" in framed.content.decode()


def test_notices_about_the_site_have_no_words_of_departments(lead: Client) -> None:
    assert "/of/" not in lead.get(f"{MAILS}delivery_trouble/").content.decode()
    assert lead.get(f"{MAILS}delivery_trouble/of/support/").status_code == 404


def test_a_message_leads_to_the_words_of_ones_departments(cast: Cast, lead: Client) -> None:
    own_words(cast)
    leaders, managers = (client.get(BOOKED) for client in (lead, signed_in(cast.admin)))
    assert "Support own words" in text(leaders)
    assert SALES not in leaders.content.decode()
    assert "Sales standard" in text(managers)


def test_own_words_are_saved_and_shown_as_they_are_sent(cast: Cast, lead: Client) -> None:
    answer = lead.post(SUPPORT, OWN, follow=True)
    assert answer.redirect_chain == [(SUPPORT, 302)]
    seen = text(answer)
    assert "Saved. From now on these are the words." in seen
    assert "Own words, last changed by Lead," in seen
    assert re.search(r"See you on [\w ,]*14 May", seen)
    assert "we are looking forward to it." in seen
    assert "we are looking forward to it." in lead.get(f"{SUPPORT}html/").content.decode()
    assert "we are looking forward to it." not in lead.get(f"{BOOKED}html/").content.decode()
    stored = MailText.objects.get()
    assert (stored.department, stored.message, stored.modified_by) == (cast.support, "customer_booked", cast.lead)


def test_the_form_holds_the_words_and_lists_the_placeholders(cast: Cast, lead: Client) -> None:
    own_words(cast)
    html = lead.get(SUPPORT).content.decode()
    assert 'value="See you on {{ short_when }}"' in html
    assert "Dear {{ recipient_name }}," in html
    for placeholder in ("recipient_name", "when", "cancel_link"):
        assert f"<code>{{{{ {placeholder} }}}}</code>" in html
    assert "{{ inviter }}" not in html


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(lead: Client) -> None:
    answer = lead.post(SUPPORT, {"subject": "Hi {{ nobody }}", "text": "Open { brace"})
    html, seen = answer.content.decode(), text(answer)
    assert answer.status_code == 422
    assert re.search(r"<title>\s*Error:", html)
    assert 'href="#id_subject"' in html
    assert 'href="#id_text"' in html
    assert "{{ nobody }} is not a placeholder of this message." in seen
    assert "Braces belong to placeholders only" in seen
    assert 'value="Hi {{ nobody }}"' in html
    assert "Open { brace" in html
    assert not MailText.objects.exists()


@pytest.mark.parametrize("sent", [{"subject": "x" * 201}, {"text": "x" * 10_001}, {"subject": "a\x00b"}])
def test_words_that_are_no_mail_are_refused(lead: Client, sent: dict[str, str]) -> None:
    assert lead.post(SUPPORT, sent).status_code == 422
    assert not MailText.objects.exists()


def test_markup_in_own_words_stays_text(lead: Client) -> None:
    lead.post(SUPPORT, {"text": "<script>alert(1)</script>"})
    for page in (SUPPORT, f"{SUPPORT}html/"):
        assert "<script>alert" not in lead.get(page).content.decode()


def test_reset_brings_the_standard_words_back(cast: Cast, lead: Client) -> None:
    own_words(cast)
    assert "Reset to the standard words" in text(lead.get(SUPPORT))
    answer = lead.post(f"{SUPPORT}reset/", follow=True)
    assert "The standard words hold again." in text(answer)
    assert "looking forward" not in text(answer)
    assert "Reset to the standard words" not in text(answer)
    assert not MailText.objects.exists()


def test_empty_words_are_the_standard_ones(cast: Cast, lead: Client) -> None:
    own_words(cast)
    answer = lead.post(SUPPORT, {"subject": " ", "text": " \r\n"}, follow=True)
    assert "The standard words hold again." in text(answer)
    assert not MailText.objects.exists()


def test_words_that_can_not_be_used_any_more_are_told(cast: Cast, lead: Client) -> None:
    own_words(cast)
    MailText.objects.update(text="Hello {{ gone }}")
    seen = text(lead.get(SUPPORT))
    assert "{{ gone }} is not a placeholder of this message." in seen


def test_looking_changes_nothing(cast: Cast, lead: Client) -> None:
    own_words(cast)
    assert lead.get(f"{SUPPORT}reset/").status_code == 405
    lead.get(SUPPORT, OWN)
    assert MailText.objects.get().subject == OWN["subject"]


@pytest.mark.parametrize("path", [SUPPORT, f"{SUPPORT}reset/"])
def test_a_form_from_another_site_is_refused(cast: Cast, path: str) -> None:
    own_words(cast)
    assert signed_in(cast.lead, checks_csrf=True).post(path, {"subject": "Mine"}).status_code == 403
    assert MailText.objects.get().subject == OWN["subject"]


def test_departments_and_their_words_cost_no_queries_each(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.admin)
    counted = []
    for name in ("Second", "Third"):
        members = [{"member": cast.sarah}]
        department = create_department(actor=cast.admin, fields={"department_name": name}, members=members)
        own_words(cast, department)
        for page in (MAILS, BOOKED):
            with django_assert_max_num_queries(6) as context:
                client.get(page)
            counted.append(len(context))
    assert counted[:2] == counted[2:]
