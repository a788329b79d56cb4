"""Departments' own words for their mails, through the API."""

import pytest
from pytest_django import DjangoAssertNumQueries

from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.texts import WORDABLE
from tests.api.caller import Api
from tests.cast import Cast

MAILS = "/departments/support/mails"
BOOKED = f"{MAILS}/customer_booked"
OWN = {"subject": "See you {{ short_when }}", "text": "Dear {{ recipient_name }}"}


def test_all_messages_are_listed_with_what_their_words_may_use(api: Api, cast: Cast) -> None:
    api.put(BOOKED, OWN, by=cast.lead)
    rows = {row["message"]: row for row in api.get(MAILS, by=cast.lead).body["results"]}
    assert list(rows) == [message.value for message in WORDABLE]
    assert [name for name, row in rows.items() if row["is_own"]] == ["customer_booked"]
    assert rows["host_booked"]["subject"] == ""
    assert "customer_phone" in rows["host_booked"]["placeholders"]
    assert "customer_phone" not in rows["customer_booked"]["placeholders"]


def test_own_words_are_set_read_and_taken_back(api: Api, cast: Cast) -> None:
    written = api.put(BOOKED, OWN, by=cast.lead)
    assert written.status == 200
    assert {field: written.body[field] for field in OWN} == OWN
    assert (written.body["is_own"], written.body["modified_by"]) == (True, "lead@bestsecurity.example")
    assert api.get(BOOKED, by=cast.admin).body == written.body
    assert api.delete(BOOKED, by=cast.admin).status == 204
    assert api.get(BOOKED, by=cast.lead).body["is_own"] is False
    assert api.delete(BOOKED, by=cast.admin).status == 204


def test_putting_replaces_both_and_nothing_at_all_takes_them_back(api: Api, cast: Cast) -> None:
    api.put(BOOKED, OWN, by=cast.lead)
    assert api.put(BOOKED, {"text": "New"}, by=cast.lead).body["subject"] == ""
    assert api.put(BOOKED, {}, by=cast.lead).body["is_own"] is False
    assert not MailText.objects.exists()


def test_bad_words_are_refused_by_field(api: Api, cast: Cast) -> None:
    answer = api.put(BOOKED, {"subject": "{{ nobody }}", "text": "{"}, by=cast.lead)
    assert answer.status == 422
    assert set(answer.fields) == {"subject", "text"}
    assert "{{ nobody }} is not a placeholder" in answer.fields["subject"]


@pytest.mark.parametrize("body", [{"subject": 1}, {"words": "x"}, {"subject": "x" * 201}, {"text": "x" * 10_001}, []])
def test_a_body_of_the_wrong_form_is_refused(api: Api, cast: Cast, body: object) -> None:
    assert api.put(BOOKED, body, by=cast.lead).status == 422
    assert not MailText.objects.exists()


@pytest.mark.parametrize("message", ["none", "delivery_trouble", "calendar_trouble", "CUSTOMER_BOOKED", "%00"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_departments_do_not_word_is_not_found(api: Api, cast: Cast, message: str, method: str) -> None:
    assert api(method, f"{MAILS}/{message}", OWN, by=cast.lead).status == 404


def test_the_list_costs_the_same_however_many_words_there_are(
    api: Api, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    api.token(cast.lead)
    counted = []
    for messages in (WORDABLE[:1], WORDABLE[1:3]):
        for message in messages:
            api.put(f"{MAILS}/{message.value}", OWN, by=cast.lead)
        with django_assert_max_num_queries(5) as context:
            api.get(MAILS, by=cast.lead)
        counted.append(len(context))
    assert counted[0] == counted[1]
