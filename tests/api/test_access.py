"""Every route of the site × every role × a record of theirs, of others, and none. A route without a rule fails."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from meeting_manager.api import pages
from meeting_manager.web.access import Audience, audience_of
from tests.api.access import ALLOWED, RECORDS, ROLES, World, make_world, verdict
from tests.api.caller import Api, Reply
from tests.cast import Cast

PART = re.compile(r"<(?:\w+:)?(\w+)>")
DENIALS = {401, 403, 404}
BY_QUERY = ("api/v1/analytics", "api/v1/availability/explain")
"""Routes whose record stands in the query."""


def routes(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLPattern):
            yield prefix + str(each.pattern)
        else:
            yield from routes(each.url_patterns, prefix + str(each.pattern))


def operations() -> Iterator[tuple[str, str]]:
    """(method, route) of everything in REST v1."""
    for path, found in pages.api.get_openapi_schema(path_prefix="api/v1/")["paths"].items():
        for method in found:
            yield method.upper(), path.lstrip("/").replace("{", "<").replace("}", ">")


def test_every_route_declares_who_may_use_it() -> None:
    in_rest = set(operations())
    known = {route for _, route in in_rest}
    undeclared = [f"{method} {route}" for method, route in sorted(in_rest) if audience_of(method, route) is None]
    undeclared += [route for route in routes() if route not in known and audience_of("GET", route) is None]
    assert undeclared == []


def test_what_the_rest_routes_are_is_what_is_described() -> None:
    under = {route for route in routes() if route.startswith("api/v1/")}
    besides = {"api/v1/openapi.json", "api/v1/docs", "api/v1/(?P<rest>.*)$"}
    assert under - besides == {route for _, route in operations()}


def address(route: str, record: str, world: World) -> str:
    parts = world.parts[record]
    if "participants/" in route and record != "missing":
        parts = {**parts, "email": "ada@customer.example"}
    path = PART.sub(lambda part: parts[part[1]], route)
    if route in BY_QUERY:
        path += f"?department={parts['department']}&meeting_type={parts['meeting_type']}"
    return path.removeprefix("api/v1")


def ask(api: Api, world: World, method: str, path: str, role: str) -> int:
    """The status, with everything undone afterwards."""
    with transaction.atomic():
        if role == "disabled":
            answer = api(method, path, {}, Authorization=f"Bearer {world.disabled_token}")
        else:
            answer = api(method, path, {}, by=world.users[role])
        transaction.set_rollback(True)
    return answer.status


def test_every_role_gets_what_the_declaration_says(api: Api, cast: Cast) -> None:
    world = make_world(api, cast)
    for user in filter(None, world.users.values()):
        api.token(user)
    wrong = []
    for method, route in operations():
        audience = audience_of(method, route)
        assert audience is not None
        names = set(PART.findall(route))
        for record in RECORDS:
            for role in ROLES:
                told = ask(api, world, method, address(route, record, world), role)
                has_record = bool(names) or route in BY_QUERY
                wanted = verdict(audience, role, record, has_record=has_record, names_user="email" in names)
                if (told in DENIALS) != (wanted != ALLOWED) or (wanted != ALLOWED and told != wanted):
                    wrong.append(f"{method} {route} {record} as {role}: {told}, not {wanted}")
    assert wrong == []


def lasting(reply: Reply) -> dict[str, str]:
    """The headers that the same question gets again."""
    assert int(reply.headers["Content-Length"]) > 0
    return {name: value for name, value in reply.headers.items() if name != "X-Request-ID"}


def test_head_is_answered_as_get_without_a_body(api: Api, cast: Cast) -> None:
    world = make_world(api, cast)
    wrong = []
    for method, route in operations():
        if method != "GET":
            continue
        assert audience_of("HEAD", route) is audience_of("GET", route)
        for role in ("guest", "sarah", "outsider"):
            path, by = address(route, "support", world), world.users[role]
            got, head = (api(verb, path, by=by) for verb in ("GET", "HEAD"))
            if head.body is not None or (head.status, lasting(head)) != (got.status, lasting(got)):
                wrong.append(f"{route} as {role}: {head.status} {head.headers}, not {got.status} {got.headers}")
    assert wrong == []


def test_where_nothing_can_be_read_neither_get_nor_head_is_allowed(api: Api) -> None:
    refused = api("HEAD", "/bookings/x/cancel")
    assert (refused.status, refused.headers["Allow"]) == (405, "POST")
    assert api("PUT", "/users").headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.django_db
def test_pages_for_people_with_an_account_send_others_to_sign_in(cast: Cast) -> None:
    wrong = []
    for route in routes():
        if route.startswith(("api/", "hooks/")):  # for programs
            continue
        path = "/" + PART.sub("1", re.sub(r"\(\?P<\w+>.*$", "x/", route.replace("^", "")))
        answer = Client().get(path)
        to_sign_in = answer.status_code == 302 and "/accounts/login" in answer["Location"]
        is_open = audience_of("GET", route) in {Audience.ANYBODY, Audience.GUEST_WITH_REFERENCE, Audience.INVITED}
        refused = to_sign_in or answer.status_code in {401, 403, 405}
        if refused and is_open and "logout" not in route and "authenticate" not in route:
            wrong.append(f"{route}: {answer.status_code} though open")
        if not refused and not is_open:
            wrong.append(f"{route}: {answer.status_code} though not open")
    assert wrong == []


@pytest.mark.django_db
def test_methods_for_people_with_an_account_are_403_without_one(cast: Cast) -> None:
    for route in routes():
        if route.startswith("api/method/meeting_manager"):
            status = Client().post(f"/{route}", "{}", "application/json").status_code
            assert (status == 403) == (audience_of("POST", route) is Audience.SIGNED_IN)
