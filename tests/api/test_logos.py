"""A department's look over REST: who may change it, what is refused, and where it can be seen."""

import pytest

from meeting_manager.departments.models import Department
from tests.api.caller import Api
from tests.cast import Cast
from tests.departments.pictures import HTML_IN_PNG, SVG, picture

LOGO = "/departments/support/logo"


def put(api: Api, content: bytes, kind: str = "image/png", **who: object) -> int:
    return api("PUT", LOGO, content, Content_Type=kind, **who).status  # type: ignore[arg-type]


def test_the_leader_puts_up_a_logo_and_takes_it_down(api: Api, cast: Cast) -> None:
    assert api.get("/departments/support").body["logo_url"] == ""
    made = api("PUT", LOGO, picture(), by=cast.lead, Content_Type="image/png")
    assert made.status == 200
    address = made.body["logo_url"]
    assert address.startswith("http://127.0.0.1:8000/book/support/logo/")
    assert api.get("/departments/support").body["logo_url"] == address
    assert [one["logo_url"] for one in api.get("/departments").body["results"]] == ["", address]
    assert api.delete(LOGO, by=cast.lead).status == 204
    assert api.get("/departments/support").body["logo_url"] == ""


def test_rights_are_judged_before_the_picture(api: Api, cast: Cast) -> None:
    for content in (picture(), SVG):
        assert put(api, content, by=cast.sarah) == 403
        assert put(api, content, by=cast.outsider) == 403
        assert put(api, content) == 401
    Department.objects.filter(pk=cast.support.pk).update(is_active=False)
    assert put(api, SVG, by=cast.outsider) == 404
    assert put(api, picture(), by=cast.admin) == 200


@pytest.mark.parametrize(
    ("content", "kind", "part"),
    [
        (SVG, "image/svg+xml", "Logo cannot be of the type 'image/svg+xml'."),
        (SVG, "image/png", "Logo is no PNG picture, or a damaged one."),
        (HTML_IN_PNG, "image/png", "Logo is no PNG picture, or a damaged one."),
        (b"{}", "application/json", "Logo cannot be of the type 'application/json'."),
        (b"", "image/webp", "Logo is required."),
        (bytes(2 * 1024 * 1024 + 1), "image/png", "Logo must be at most 2 MB large."),
    ],
)
def test_what_is_no_logo_is_422_with_the_remedy(api: Api, cast: Cast, content: bytes, kind: str, part: str) -> None:
    answer = api("PUT", LOGO, content, by=cast.lead, Content_Type=kind)
    assert answer.status == 422
    assert answer.fields["logo"].startswith(part)


def test_a_body_that_is_far_too_large_is_413(api: Api, cast: Cast) -> None:
    assert put(api, bytes(4 * 1024 * 1024), by=cast.lead) == 413


def test_an_accent_is_set_by_system_managers_and_seen_by_all(api: Api, cast: Cast) -> None:
    path = "/departments/support"
    assert api.patch(path, {"accent_color": "#0f766e"}, by=cast.lead).status == 403
    assert api.patch(path, {"accent_color": "#0F766E"}, by=cast.admin).body["accent_color"] == "#0f766e"
    assert api.get(path).body["accent_color"] == "#0f766e"
    refused = api.patch(path, {"accent_color": "#ffd400"}, by=cast.admin)
    assert "Please choose a darker one, such as #8c7500." in refused.fields["accent_color"]
    assert "read-only" in api.patch(path, {"logo_url": "x"}, by=cast.admin).fields["logo_url"]


def test_a_list_of_departments_asks_for_all_logos_at_once(api: Api, cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for logos in range(2):
        if logos:
            assert put(api, picture(), by=cast.lead) == 200
        with CaptureQueriesContext(connection) as asked:
            api.get("/departments")
        counts.append(len(asked))
    assert counts[0] == counts[1] == 2
