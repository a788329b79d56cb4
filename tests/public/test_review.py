"""What a review of the booking pages found wrong, and what has to stay right."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast
from tests.public.visits import CALL, DETAILS

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Muster", "email": "ada@customer.example"}


@pytest.mark.parametrize("path", ["/book", "/book/support", "/book/sales", "/book/nowhere", CALL, DETAILS])
def test_a_deep_link_to_any_step_leaves_no_personal_data_in_the_address(client: Client, cast: Cast, path: str) -> None:
    response = client.get(path, {**ADA, "timezone": "Asia/Tokyo"})
    assert (response.status_code, response["Location"]) == (303, f"{path}?timezone=Asia%2FTokyo")
    assert "prefill" in response.cookies


def test_a_deep_link_into_a_frame_loses_its_personal_data(client: Client, cast: Cast, settings: Settings) -> None:
    settings.EMBED_ORIGINS = ("https://www.example.com",)
    assert client.get("/embed/support", ADA)["Location"] == "/embed/support"


def test_browsers_tell_a_picker_from_the_page_that_back_asks_for(client: Client, cast: Cast) -> None:
    vary = client.get(CALL, headers={"HX-Request": "true"})["Vary"]
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(vary.split(", "))
