"""Readers of single fields: what they take, and what they say when they refuse."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from meeting_manager.people import validators
from meeting_manager.people.validators import Reader, read_fields, require

LABELLED: dict[str, Reader] = {
    "name": validators.text("Name", 5, required=True),
    "notes": validators.text("Notes", 50, lines=True),
    "count": validators.whole("Count", 0, 10),
    "interval": validators.whole("Interval", 1, 10, empty=True),
    "on": validators.flag("On"),
    "kind": validators.choice("Kind", ["A", "B"]),
    "url": validators.web_address("URL"),
    "feed": validators.web_address("Feed", ("http", "https", "webcal")),
    "color": validators.color("Color"),
}


def read(**given: object) -> dict[str, Any]:
    return read_fields(given, LABELLED, of="a thing", kept=("id",))


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("name", "  ab ", "ab"),
        ("notes", "a\nb", "a\nb"),
        ("notes", None, ""),
        ("count", "7", 7),
        ("count", 0, 0),
        ("interval", None, None),
        ("interval", "", None),
        ("on", 1, True),
        ("on", "0", False),
        ("url", "", ""),
        ("url", "HTTPS://a.example/x", "HTTPS://a.example/x"),
        ("feed", "webcal://a.example/x.ics", "webcal://a.example/x.ics"),
        ("color", "#ABCDEF", "#abcdef"),
    ],
)
def test_what_is_good_is_taken(field: str, given: object, value: object) -> None:
    assert read(**{field: given}) == {field: value}


@pytest.mark.parametrize(
    ("field", "given", "message"),
    [
        ("name", " ", "Name is required."),
        ("name", "abcdef", "Name must be at most 5 characters long."),
        ("name", "a\nb", "Name must not contain control characters. Please remove them."),
        ("name", 5, "Name must be text."),
        ("notes", "a\x00b", "Notes must not contain control characters. Please remove them."),
        ("notes", "\ud800", "Notes must not contain control characters. Please remove them."),
        ("count", 11, "Count must be a whole number between 0 and 10."),
        ("count", True, "Count must be a whole number between 0 and 10."),
        ("count", 1.5, "Count must be a whole number between 0 and 10."),
        ("count", "١", "Count must be a whole number between 0 and 10."),
        ("count", "9" * 30, "Count must be a whole number between 0 and 10."),
        ("count", None, "Count must be a whole number between 0 and 10."),
        ("on", "maybe", "On must be true or false."),
        ("on", [], "On must be true or false."),
        ("kind", "C", "Kind must be one of: A, B."),
        ("kind", [], "Kind must be one of: A, B."),
        ("url", "javascript:alert(1)", "URL must start with http:// or https://"),
        ("url", "https://", "URL must start with http:// or https://"),
        ("url", "https://a b", "URL must not contain spaces."),
        ("feed", "ftp://a", "Feed must start with http://, https:// or webcal://"),
        ("color", "red", "Color must be a colour such as '#2563eb'."),
        ("id", 1, "Field 'id' of a thing is read-only. Please leave it out."),
    ],
)
def test_what_is_not_is_refused_with_the_name_and_the_remedy(field: str, given: object, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**{field: given})
    assert refused.value.message_dict == {field: [message]}


def test_every_refused_field_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        read(count=99, kind="C", on=True, unknown=1)
    assert set(refused.value.message_dict) == {"count", "kind", "unknown"}
    assert refused.value.message_dict["unknown"][0].startswith(
        "Field 'unknown' is not a field of a thing. Please use: "
    )


def test_a_missing_field_is_named_as_people_know_it() -> None:
    with pytest.raises(ValidationError) as refused:
        require({"a": 1}, {"a": "The A", "b": "The B"})
    assert refused.value.message_dict == {"b": ["The B is required."]}
