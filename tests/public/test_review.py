"""What a review of the booking pages found wrong, and what has to stay right."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.public.visits import CALL

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Muster", "email": "ada@customer.example"}


def test_browsers_tell_a_picker_from_the_page_that_back_asks_for(client: Client, cast: Cast) -> None:
    vary = client.get(CALL, headers={"HX-Request": "true"})["Vary"]
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(vary.split(", "))
