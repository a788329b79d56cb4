"""One feed for each user, however many renew it at once."""

import pytest

from meeting_manager.people.feeds import token_of
from meeting_manager.people.models import PersonalFeed
from meeting_manager.people.queries import user_for_feed
from meeting_manager.people.services import make_feed
from tests.cast import NOW, make_cast
from tests.together import together


@pytest.mark.django_db(transaction=True)
def test_of_many_who_renew_at_once_one_address_is_left() -> None:
    sarah = make_cast().sarah
    made = together([lambda: make_feed(actor=sarah, user=sarah, now=NOW)] * 6)
    keys = [feed.key for feed in made if isinstance(feed, PersonalFeed)]
    assert len(set(keys)) == 6
    assert [user_for_feed(token_of(key)) for key in keys].count(sarah) == 1
