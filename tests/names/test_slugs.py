"""Slugs: cleaned when written, held by the database."""

import pytest
from django.db import IntegrityError, transaction

from meeting_manager.departments.models import Department
from meeting_manager.names.rules import clean_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Support", "support"),
        ("  Customer   Care ", "customer-care"),
        ("30-Min Call!", "30-min-call"),
        ("--a--b--", "a-b"),
        ("Größe & Maß", "gre-ma"),
        ("a - b", "a-b"),
        ("a_b", "ab"),
        ("日本", ""),
        ("İstanbul", "istanbul"),
    ],
)
def test_a_slug_keeps_letters_digits_and_single_inner_hyphens(text: str, slug: str) -> None:
    assert clean_slug(text) == slug


def test_cleaning_a_clean_slug_changes_nothing() -> None:
    assert clean_slug("a-b-1") == "a-b-1"


@pytest.mark.parametrize("slug", ["", "Support", "-a", "a-", "a--b", "a b", "ä", "a\n", "a_b"])
def test_the_database_refuses_a_slug_that_is_not_clean(db: None, slug: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.create(name="MM-DEPT-x", department_name="X", department_slug=slug)


@pytest.mark.parametrize("slug", ["a", "a-b", "30-min-call", "0"])
def test_the_database_takes_a_clean_slug(db: None, slug: str) -> None:
    Department.objects.create(name="MM-DEPT-x", department_name="X", department_slug=slug)
    assert Department.objects.get().department_slug == slug
