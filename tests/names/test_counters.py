"""Document names with a number: given out once, whatever happens."""

import pytest
from django.db import transaction

from meeting_manager.names.services import next_name
from tests.together import together


def test_numbers_count_from_one_with_four_digits_for_each_prefix(db: None) -> None:
    assert [next_name("MM-A"), next_name("MM-A"), next_name("MM-B")] == ["MM-A-0001", "MM-A-0002", "MM-B-0001"]


def test_numbers_grow_beyond_four_digits(db: None) -> None:
    from meeting_manager.names.models import NameCounter

    NameCounter.objects.create(prefix="MM-A", last_number=9999)
    assert next_name("MM-A") == "MM-A-10000"


def test_a_rolled_back_number_is_not_lost_to_the_next_caller_and_never_given_twice(db: None) -> None:
    next_name("MM-A")
    with transaction.atomic():
        assert next_name("MM-A") == "MM-A-0002"
        transaction.set_rollback(True)
    assert next_name("MM-A") == "MM-A-0002"
    assert next_name("MM-A") == "MM-A-0003"


@pytest.mark.django_db(transaction=True)
def test_sixteen_callers_at_once_get_sixteen_different_names() -> None:
    names = together([lambda: next_name("MM-A")] * 16)
    assert sorted(map(str, names)) == [f"MM-A-{number:04d}" for number in range(1, 17)]
