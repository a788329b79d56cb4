"""Meeting types as leaders set them up: fields, reminders and questions without script, preview, copies, the end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.services import book
from meeting_manager.bookings.times import offered_slots
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import create_meeting_type, set_questions
from meeting_manager.people.queries import system_user
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

SUPPORT = "/workspace/departments/support/"
TYPES, NEW = f"{SUPPORT}types/", f"{SUPPORT}new-type/"
CALL = f"{TYPES}30-min-call/"
REMINDERS, QUESTIONS = f"{CALL}reminders/", f"{CALL}questions/"
FIELDS = {
    "meeting_name": "Consultation",
    "meeting_slug": "",
    "description": "We look at it together.",
    "color": "#14693b",
    "duration": "45",
    "slot_interval": "15",
    "is_public": "on",
    "location_type": "Phone Call",
    "custom_location": "+49 30 1",
    "video_platform": "",
    "video_meeting_url": "",
    "feedback_url": "",
    "next_steps": "",
}


@pytest.fixture
def lead(cast: Cast) -> Client:
    return signed_in(cast.lead)


def rows(*given: dict[str, str], do: str = "save") -> dict[str, str]:
    """What a browser sends of a page of rows."""
    sent = {f"row-{place}-{name}": value for place, row in enumerate(given) for name, value in row.items()}
    return {"rows": str(len(given)), "do": do, **sent}


def question(label: str, kind: str = "Text", **fields: str) -> dict[str, str]:
    return {"label": label, "question_type": kind, "options": "", "help_text": "", "key": "", **fields}


def reminder(hours: str, way: str = "Email", **fields: str) -> dict[str, str]:
    return {"hours_before_meeting": hours, "notification_type": way, "is_active": "on", **fields}


def test_types_are_set_up_by_those_who_manage_their_department(cast: Cast) -> None:
    for path in (TYPES, NEW, CALL, REMINDERS, QUESTIONS, f"{CALL}preview/", f"{CALL}delete/"):
        people = (cast.admin, cast.lead, cast.sarah, cast.outsider, None)
        assert tuple(signed_in(who).get(path).status_code for who in people) == (200, 200, 403, 403, 302)
        assert signed_in(cast.lead).get(path.replace("support", "sales")).status_code == 403


def test_others_change_nothing(cast: Cast) -> None:
    for path in (NEW, CALL, REMINDERS, QUESTIONS, f"{CALL}duplicate/", f"{CALL}switch/", f"{CALL}delete/"):
        for who in (cast.sarah, cast.outsider):
            assert signed_in(who).post(path, FIELDS).status_code == 403
        assert signed_in(cast.lead, checks_csrf=True).post(path, FIELDS).status_code == 403
        assert set(MeetingType.objects.all()) == {cast.call, cast.planning, cast.consultation}
        assert MeetingType.objects.get(pk=cast.call.pk).is_active


def test_a_new_type_has_all_that_was_typed_and_leads_to_its_preview(lead: Client) -> None:
    answer = lead.post(NEW, {**FIELDS, "thank_you_mail": "on", "next_steps": "Wait.", "confirm_email": "on"})
    made = MeetingType.objects.get(meeting_slug="consultation")
    assert answer["Location"] == f"{TYPES}consultation/preview/"
    assert (made.duration, made.slot_interval, made.color, made.location_type) == (45, 15, "#14693b", "Phone Call")
    assert (made.is_public, made.is_internal, made.thank_you_mail, made.confirm_email) == (True, False, True, True)
    assert (made.description, made.next_steps) == ("<p>We look at it together.</p>", "Wait.")


def test_what_is_wrong_is_said_and_what_was_typed_stays(lead: Client) -> None:
    for field, value in (
        ("meeting_name", ""),
        ("meeting_slug", "30-min-call"),
        ("duration", "481"),
        ("is_public", None),
        ("location_type", "Video Call"),
        ("video_meeting_url", "javascript:alert(1)"),
        ("color", "blue"),
    ):
        sent = {name: each for name, each in {**FIELDS, field: value}.items() if each is not None}
        answer = lead.post(NEW, sent)
        assert answer.status_code == 422
        assert 'class="error-summary"' in answer.content.decode()
        assert "We look at it together." in answer.content.decode()
        assert MeetingType.objects.count() == 3


def test_a_type_is_edited_and_its_address_moves_with_its_slug(cast: Cast, lead: Client) -> None:
    answer = lead.post(CALL, {**FIELDS, "meeting_slug": "talk", "slot_interval": ""})
    stored = MeetingType.objects.get(pk=cast.call.pk)
    assert answer["Location"] == f"{TYPES}talk/"
    assert (stored.meeting_name, stored.duration, stored.slot_interval) == ("Consultation", 45, None)


def test_a_form_sent_as_it_came_changes_nothing(cast: Cast, lead: Client) -> None:
    form = lead.get(CALL).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    lead.post(CALL, {name: value for name, value in sent.items() if value not in (None, False)})
    before = {field.name: getattr(cast.call, field.name) for field in MeetingType._meta.concrete_fields}
    stored = MeetingType.objects.get(pk=cast.call.pk)
    assert {field.name: getattr(stored, field.name) for field in MeetingType._meta.concrete_fields} == before


def test_rows_are_added_and_removed_before_anything_is_saved(cast: Cast, lead: Client) -> None:
    added = lead.post(REMINDERS, rows(reminder("24"), do="add"))
    assert added.status_code == 200
    assert len(added.context["rows"].forms) == 2
    assert 'value="24"' in added.content.decode()
    removed = lead.post(REMINDERS, rows(reminder("24"), reminder("2"), do="remove-0"))
    assert [form["hours_before_meeting"].value() for form in removed.context["rows"].forms] == ["2"]
    assert not cast.call.reminders.exists()


def test_reminders_are_saved_as_the_whole_schedule(cast: Cast, lead: Client) -> None:
    assert lead.post(REMINDERS, rows(reminder("24"), {**reminder("0.5"), "is_active": ""})).status_code == 302
    stored = [(float(row.hours_before_meeting), row.is_active) for row in cast.call.reminders.all()]
    assert stored == [(24.0, True), (0.5, False)]
    assert 'value="0.5"' in lead.get(REMINDERS).content.decode()
    lead.post(REMINDERS, rows())
    assert not cast.call.reminders.exists()


def test_a_schedule_that_makes_no_sense_is_refused(cast: Cast, lead: Client) -> None:
    for given, said in (
        ([reminder("2"), reminder("2")], "Duplicate reminders"),
        ([reminder("721")], "720"),
        ([reminder("soon")], "number"),
        ([reminder("1"), reminder("2", "SMS")], "no gateway for SMS"),
    ):
        answer = lead.post(REMINDERS, rows(*given))
        assert answer.status_code == 422
        assert said in text(answer)
        assert not cast.call.reminders.exists()


def test_a_refusal_stands_at_the_row_it_is_about(lead: Client) -> None:
    answer = lead.post(REMINDERS, rows(reminder("1"), reminder("2", "SMS")))
    first, second = answer.context["rows"].forms
    assert not first.errors
    assert second.non_field_errors()
    assert 'href="#row-1"' in answer.content.decode()


def test_questions_of_all_kinds_are_saved_in_their_order(cast: Cast, lead: Client) -> None:
    given = [
        question("Which product?", "Choice", options="Lock\n\nAlarm \n", is_required="on"),
        question("Tell us more", "Long Text", help_text="A sentence will do."),
        question("Your number", "Phone"),
        question("I agree", "Checkbox", is_required="on"),
        question("Company"),
    ]
    assert lead.post(QUESTIONS, rows(*given)).status_code == 302
    stored = list(cast.call.questions.all())
    assert [row.label for row in stored] == [row["label"] for row in given]
    assert [row.question_type for row in stored] == ["Choice", "Long Text", "Phone", "Checkbox", "Text"]
    assert (stored[0].options, stored[0].is_required, stored[1].help_text) == (
        ["Lock", "Alarm"],
        True,
        "A sentence will do.",
    )


def test_a_question_stays_itself_when_its_words_and_its_place_change(cast: Cast, lead: Client) -> None:
    lead.post(QUESTIONS, rows(question("Company"), question("Product")))
    company, product = cast.call.questions.all()
    moved = lead.post(
        QUESTIONS, rows(question("Company", key=company.key), question("Product", key=product.key), do="down-0")
    )
    assert [form["label"].value() for form in moved.context["rows"].forms] == ["Product", "Company"]
    lead.post(QUESTIONS, rows(question("Product", key=product.key), question("Your company", key=company.key)))
    assert [(row.key, row.label) for row in cast.call.questions.all()] == [
        ("product", "Product"),
        ("company", "Your company"),
    ]


def test_a_choice_needs_options_and_is_told_so_at_its_row(cast: Cast, lead: Client) -> None:
    answer = lead.post(QUESTIONS, rows(question("Company"), question("Which?", "Choice", options="One")))
    assert answer.status_code == 422
    assert "needs at least 2 options" in text(answer)
    assert 'href="#row-1"' in answer.content.decode()
    assert not cast.call.questions.exists()


def test_odd_buttons_do_no_harm(lead: Client) -> None:
    for do in ("", "remove-9", "up-x", "down--1", "add-", "²"):
        assert lead.post(QUESTIONS, rows(question("Company"), do=do)).status_code in {200, 302}
        assert lead.post(QUESTIONS, {"rows": "99999", "do": "add"}).status_code == 200


def test_the_preview_says_what_customers_see(cast: Cast, lead: Client) -> None:
    set_questions(actor=cast.lead, meeting_type=cast.call, questions=[{"label": "Which product?"}])
    page = lead.get(f"{CALL}preview/")
    assert cast.call.public_booking_url in page.content.decode()
    assert "Which product?" in text(page)
    assert len(page.context["sample"].starts) == 6
    MeetingType.objects.filter(pk=cast.call.pk).update(is_active=False)
    assert "It has no booking page now" in text(lead.get(f"{CALL}preview/"))
    assert "Only colleagues use this type" in text(lead.get(f"{TYPES}internal-planning/preview/"))


def test_a_copy_has_everything_and_waits_to_be_activated(cast: Cast, lead: Client) -> None:
    lead.post(QUESTIONS, rows(question("Company")))
    lead.post(REMINDERS, rows(reminder("24")))
    lead.post(f"{CALL}duplicate/")
    lead.post(f"{CALL}duplicate/")
    first, second = MeetingType.objects.filter(meeting_name__contains="(copy)").order_by("pk")
    assert (first.is_active, first.duration, first.video_meeting_url) == (False, 30, cast.call.video_meeting_url)
    assert [row.label for row in first.questions.all()] == ["Company"]
    assert first.reminders.count() == 1
    assert first.meeting_slug != second.meeting_slug


def test_a_type_is_switched_off_and_on(cast: Cast, lead: Client) -> None:
    lead.post(f"{CALL}switch/", {"is_active": "0"})
    assert not MeetingType.objects.get(pk=cast.call.pk).is_active
    assert "Activate 30 Min Call" in text(lead.get(TYPES))
    lead.post(f"{CALL}switch/", {"is_active": "1"})
    assert MeetingType.objects.get(pk=cast.call.pk).is_active


def test_only_a_type_that_was_never_booked_is_deleted(cast: Cast, lead: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    offer = offered_slots(meeting_type=cast.call, first=now.date(), last=now.date() + timedelta(days=9), now=now)
    customer = Customer(name="Ada", email="ada@customer.example")
    start = moment(offer.slots[5].start)
    book(meeting_type=cast.call, start=start, customer=customer, actor=system_user(), now=now)
    refused = lead.post(f"{CALL}delete/")
    assert refused.status_code == 422
    assert "has bookings" in text(refused)
    assert lead.post(f"{TYPES}internal-planning/delete/").status_code == 302
    assert not MeetingType.objects.filter(pk=cast.planning.pk).exists()


def test_types_cost_no_queries_each(
    cast: Cast, lead: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    for names in ((), ("One", "Two")):
        for name in names:
            fields = {"meeting_name": name, "location_type": "Phone Call"}
            create_meeting_type(
                actor=cast.lead, department=cast.support, fields=fields, questions=[{"label": "Company"}]
            )
        with django_assert_max_num_queries(9) as context:
            lead.get(TYPES)
        counted.append(len(context))
    assert counted[0] == counted[1]
