"""The addresses of documents, and what is done at them by each method."""

from collections.abc import Callable, Mapping
from http import HTTPMethod, HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from meeting_manager.api.caller import guest_or_bearer
from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.frappe.documents.listing import MOST, read_asked, read_list
from meeting_manager.api.frappe.documents.registry import DOCTYPES
from meeting_manager.api.frappe.methods import NOT_SIGNED_IN
from meeting_manager.api.frappe.wire import Arguments, data, failure, mapping, read_arguments
from meeting_manager.api.reading import check_object
from meeting_manager.bookings.errors import Conflict
from meeting_manager.people.models import User
from meeting_manager.people.validators import storable
from meeting_manager.web.access import Audience, declare

_SAYS_NOTHING = frozenset({"doctype", "docstatus", "idx", "modified_by", "__islocal", "__unsaved", "data"})
"""What Frappe's clients send along."""


def _list(user: User, doctype: Doctype, given: Arguments) -> HttpResponse:
    asked = read_asked(given, doctype)
    found, has_more = read_list(doctype, user, asked)
    following = asked.start + asked.length
    cut = f"Only {MOST} documents are listed. Please go on with limit_start={following}."
    return data(found, [cut] if has_more and asked.length == MOST else [])


def _create(user: User, doctype: Doctype, given: Arguments) -> HttpResponse:
    service = doctype.require("create")
    fields = _fields(given, doctype)
    for field in ("name", "owner", "creation", "modified"):
        fields.pop(field, None) if fields.get(field) in (None, "") else None
    return _shown(user, doctype, service(user, fields))


def _read(user: User, doctype: Doctype, name: str, _: Arguments) -> HttpResponse:
    return data(doctype.document(user, _found(user, doctype, name)))


def _update(user: User, doctype: Doctype, name: str, given: Arguments) -> HttpResponse:
    found = _found(user, doctype, name)
    service = doctype.require("update")
    shown = doctype.document(user, found)
    if given.get("modified") and given["modified"] != shown.get("modified", given["modified"]):
        raise Conflict(f"{doctype.name} '{name}' was changed since you read it. Please read it again.")
    hidden = {field for field in doctype.only_single if shown[field] is None}
    changes = _changed({key: value for key, value in _fields(given, doctype).items() if key not in hidden}, shown)
    return _shown(user, doctype, service(user, found, changes) if changes else found)


def _delete(user: User, doctype: Doctype, name: str, _: Arguments) -> HttpResponse:
    found = _found(user, doctype, name)
    doctype.require("delete")(user, found)
    return data("ok", status=HTTPStatus.ACCEPTED)


_ON_ALL: Mapping[str, Callable[..., HttpResponse]] = {
    HTTPMethod.GET: _list,
    HTTPMethod.HEAD: _list,
    HTTPMethod.POST: _create,
}
_ON_ONE: Mapping[str, Callable[..., HttpResponse]] = {
    HTTPMethod.GET: _read,
    HTTPMethod.HEAD: _read,
    HTTPMethod.PUT: _update,
    HTTPMethod.DELETE: _delete,
}


@csrf_exempt
def documents(request: HttpRequest, doctype: str) -> HttpResponse:
    """List documents, or make one. Cookies count for nothing here, so there are no requests to forge."""
    return _answer(request, doctype, _ON_ALL)


@csrf_exempt
def document(request: HttpRequest, doctype: str, name: str) -> HttpResponse:
    """Read, save or delete a document."""
    return _answer(request, doctype, _ON_ONE, name)


def _answer(
    request: HttpRequest, doctype: str, by_method: Mapping[str, Callable[..., HttpResponse]], *name: str
) -> HttpResponse:
    try:
        caller = guest_or_bearer(request)
        if not isinstance(caller, User):
            raise PermissionDenied(NOT_SIGNED_IN)
        if doctype not in DOCTYPES:
            raise ObjectDoesNotExist
        view = by_method.get(request.method or "")
        if view is None:
            raise PermissionDenied(f"Not permitted: {request.method} is not for this address.")
        given = read_arguments(request) if request.method != HTTPMethod.DELETE else {}
        return view(caller, DOCTYPES[doctype], *name, given)
    except Exception as error:  # noqa: BLE001 - `failure` raises what is a mistake of ours
        return failure(error)


def _found(user: User, doctype: Doctype, name: str) -> Model:
    if not storable(name):
        raise ObjectDoesNotExist
    found: Model = doctype.get(user, name)
    return found


def _fields(given: Arguments, doctype: Doctype) -> Json:
    """The document that was sent: the body, or JSON text in `data` as of older clients. Raises ValidationError."""
    fields = {**mapping(given, "data"), **given} if "data" in given else dict(given)
    check_object(fields)
    if fields.get("doctype", doctype.name) != doctype.name:
        raise ValidationError({"doctype": f"This address is for documents of {doctype.name}."})
    return {key: value for key, value in fields.items() if key not in _SAYS_NOTHING}


def _changed(fields: Json, shown: Json) -> Json:
    """What differs from the document as it is: clients send it back whole."""
    return {key: value for key, value in fields.items() if key not in shown or not _same(value, shown[key])}


def _same(given: object, shown: object) -> bool:
    return given == shown or (given in (None, "") and shown in (None, ""))


def _shown(user: User, doctype: Doctype, record: Model) -> HttpResponse:
    """As it is now. Who changed it may see it, even if they just gave it away."""
    rows = doctype.rows(user).filter(pk=record.pk).first()
    if rows is None:
        return data({"doctype": doctype.name, "name": getattr(record, "name", str(record))})
    return data(doctype.document(user, rows))


@csrf_exempt
def _unknown(_: HttpRequest, **__: object) -> HttpResponse:
    return failure(ObjectDoesNotExist())


declare(Audience.ANYBODY, r"api/resource/(?P<rest>[\s\S]*)$")
declare(Audience.SIGNED_IN, "api/resource/<str:doctype>", "api/resource/<str:doctype>/<path:name>")

urlpatterns = [
    path("<str:doctype>", documents, name="frappe-documents"),
    path("<str:doctype>/<path:name>", document, name="frappe-document"),
    re_path(r"(?P<rest>[\s\S]*)$", _unknown),
]
