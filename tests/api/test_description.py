"""The description is true: whatever is sent, the answer is one that it documents, and never an error of ours."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from meeting_manager.config.wsgi import application
from tests.api.access import World, make_world
from tests.api.caller import Api, description
from tests.cast import Cast

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
"""Requests for each role, operation and kind (well-formed or not): some 1,300 in all; soak tests ask for more."""
ODD = ["", "0", "-1", "9" * 40, "ä😀", "../x", "%00", "BK-AAAAAAAA", "MM-MB-x", "2026-02-30", "null", "a" * 500]


def fill(case: "Case[Any]", world: World, record: str, odd: str) -> "Case[Any]":
    """Most cases speak of records that are there, so that they come further than to a 404."""
    parts = world.parts["support" if record == "odd" else record]
    for name in case.path_parameters or {}:
        case.path_parameters[name] = odd or "x" if record == "odd" else parts.get(name, odd or "x")
    return case


@contextmanager
def one_connection() -> Iterator[None]:
    """The whole site on this test's connection, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ["guest", "admin", "lead", "sarah", "outsider"])
def test_no_request_gets_an_error_of_ours_or_an_answer_without_description(api: Api, cast: Cast, role: str) -> None:
    world = make_world(api, cast)
    user = world.users[role]
    headers = {"Authorization": f"Bearer {api.token(user)}"} if user else {}
    with one_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                cases: st.SearchStrategy[Case[Any]] = found.ok().as_strategy(generation_mode=mode)
                attack(cases, world, headers)


def attack(cases: st.SearchStrategy["Case[Any]"], world: World, headers: dict[str, str]) -> None:
    """Send a few cases, and hold the answers against the description."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, record=st.sampled_from(["support", "sales", "odd"]), odd=st.sampled_from(ODD))
    def attempt(case: "Case[Any]", record: str, odd: str) -> None:
        sent = fill(case, world, record, odd)
        sent.validate_response(sent.call(headers=headers), checks=CHECKS)

    with suppress(Unsatisfiable):  # nothing can be sent wrong to an operation that takes nothing
        attempt()


def test_the_description_is_served_as_it_is_tested() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert json.loads(answer.content) == description()
    assert answer["Content-Type"] == "application/json"


def test_every_operation_says_what_it_does_and_who_may_fail_how() -> None:
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], f"{method} {path}"
            assert {"401", "422", "503"} <= operation["responses"].keys()


@pytest.mark.django_db
def test_the_page_to_read_it_needs_no_inline_script() -> None:
    answer = Client().get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    for script in text.split("<script")[1:]:
        attributes, _, body = script.partition(">")
        assert "src=" in attributes or ('type="application/json"' in attributes and body)
    for address in ("ninja/swagger-ui-bundle.js", "ninja/swagger-ui-init.js", "ninja/swagger-ui.css"):
        file = Client().get(f"/static/{address}")
        assert file.status_code == 200
        file.close()
