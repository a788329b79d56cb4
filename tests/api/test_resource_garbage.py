"""Whatever is sent to the addresses of documents is answered in Frappe's form, and never by a failure of ours."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meeting_manager.api.frappe.documents.registry import DOCTYPES
from meeting_manager.bookings.models import Booking
from tests.api.caller import Api
from tests.cast import Cast

pytestmark = pytest.mark.django_db

TEXT = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["9" * 400, "2026-12-07", "9999-12-31 23:59:59", "a\x00b", "\ud800", "%", "NaN", "-1", "set", "[]"]
    ),
)
SCALAR = st.one_of(TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.just(10**400))
VALUE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
OPERATOR = st.sampled_from(["=", "!=", "<", ">", "<=", ">=", "in", "not in", "like", "not like", "between", "is"])
TRIED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def ask(api: Api, cast: Cast, method: str, path: str, content: str, query: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {api.token(cast.admin)}"}
    url = f"/api/resource/{quote(path, errors='replace')}"
    answer = Client().generic(method, url, content, "application/json", headers=headers, query_params=query)
    assert answer.status_code < 500
    assert answer.status_code < 300 or "exc_type" in json.loads(answer.content)


def sendable(value: object) -> str:
    return json.dumps(value)


@TRIED
@given(data=st.data())
def test_no_question_breaks_a_list(api: Api, cast: Cast, data: Any) -> None:  # noqa: ANN401 - hypothesis' own
    kind = DOCTYPES[data.draw(st.sampled_from(sorted(DOCTYPES)))]
    column = st.sampled_from(sorted(kind.columns))
    rows = st.lists(st.tuples(column, OPERATOR, VALUE).map(list), max_size=2)
    query = {
        "filters": sendable(data.draw(st.one_of(rows, VALUE, st.dictionaries(column, VALUE, max_size=2)))),
        "or_filters": sendable(data.draw(rows)),
        "order_by": data.draw(st.one_of(column, st.just("name desc"))),
    }
    ask(api, cast, "GET", kind.name, "", query)
    odd = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    ask(api, cast, "GET", kind.name, "", dict.fromkeys(("fields", "order_by", "limit_start", "filters"), odd))


@TRIED
@given(data=st.data())
def test_no_document_breaks_what_saves_it(api: Api, cast: Cast, data: Any) -> None:  # noqa: ANN401 - as above
    if not Booking.objects.exists():
        api.book()
    kind = DOCTYPES[data.draw(st.sampled_from(sorted(DOCTYPES)))]
    field = st.sampled_from([*kind.fields, *kind.tables, "data", "doctype"])
    body = sendable(data.draw(st.dictionaries(field, VALUE, max_size=4)))
    ask(api, cast, "POST", kind.name, body, {})
    row = kind.rows(cast.admin).first()
    name = "none" if row is None else str(row)
    ask(api, cast, "PUT", f"{kind.name}/{name}", body, {})
    ask(api, cast, "PUT", f"{kind.name}/{data.draw(st.text(min_size=1, max_size=9))}", body, {})
