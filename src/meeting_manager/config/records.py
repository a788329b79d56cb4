"""The last resort of System Managers: Django's admin, in which every record can be read and none be changed.

Services own the data, so there is nothing to write here; what is sealed or secret is not shown, nor what colleagues
have in their calendars.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import BinaryField, ForeignKey, JSONField, Model, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from meeting_manager.people.rules import is_system_manager
from meeting_manager.web.access import Audience, declare

PREFIX = "workspace/records/"

_ROOMS = ("bookings", "departments", "people", "availability", "calendars", "notifications", "ledger", "busy", "names")
_SECRET = frozenset(
    {"password", "digest", "key", "sealed", "payload", "ical_url", "sync_cursor", "push_id", "push_resource"}
    | {"push_digest", "session_version", "external_link", "external_calendar_link", "video_meeting_url", "written"}
    | {"event_title", "description", "location", "attendees_json", "organizer_email"}
)
"""Names of fields that let somebody in, or are their owner's alone."""

_LEFT_OUT = frozenset({"logout", "password_change", "password_change_done", "view_on_site", "autocomplete"})
_COLUMNS = 7
_SEARCHED = ("name", "email", "booking_reference", "department_name", "meeting_name", "about", "recipient")


class Records(AdminSite):
    """For signed-in System Managers, who come in by the site's own door, with its second factor and its limits."""

    site_header = _("Records")
    site_title = _("Records")
    index_title = _("To be read only: what changes anything is in the workspace.")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """System Managers, and nobody else."""
        return is_system_manager(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """The site's own sign-in; 403 for who is signed in and no System Manager."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: ANN401 - views of any kind
        """As Django's, without its own page for signing in."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def answer(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
            return guarded(request, *args, **named) if self.has_permission(request) else self.login(request)

        return answer

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without sign-out and passwords, which have pages of their own; Django asks for the first one's address."""
        kept = [each for each in super().get_urls() if getattr(each, "name", None) not in _LEFT_OUT]
        return [path("logout/", self.login, name="logout"), *kept]


class ReadOnly(ModelAdmin):  # type: ignore[type-arg] # it takes none when it runs
    """A model that can be listed, searched and read."""

    actions = None
    list_select_related = True
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - as above
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - as above
        """Never."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - as above
        """Whoever gets in."""
        return is_system_manager(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As `has_view_permission`."""
        return is_system_manager(request.user)


def make_records() -> Records:
    """The site with all records of these rooms. Call it when the apps are loaded."""
    site = Records(name="admin")
    for room in _ROOMS:
        for model in apps.get_app_config(room).get_models():
            site.register(model, _read_only(model))
    routes = [str(each.pattern) for each in _flat(site.get_urls())]
    declare(Audience.SYSTEM_MANAGER, *(PREFIX + route for route in routes))
    return site


def _read_only(model: type[Model]) -> type[ReadOnly]:
    shown = [each for each in model._meta.fields if not isinstance(each, BinaryField) and each.name not in _SECRET]
    names = {each.name for each in shown}
    listed = [each.name for each in shown if not isinstance(each, JSONField | TextField)]
    attributes = {
        "fields": [each.name for each in shown],
        "list_display": listed[:_COLUMNS],
        "search_fields": [name for name in _SEARCHED if name in names],
        "raw_id_fields": [each.name for each in shown if isinstance(each, ForeignKey)],
        "ordering": ["-pk"],
    }
    return type(f"{model.__name__}Records", (ReadOnly,), attributes)


def _flat(patterns: list[URLPattern | URLResolver]) -> list[Any]:
    found: list[Any] = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += [_Joined(f"{each.pattern}{inner.pattern}") for inner in _flat(each.url_patterns)]
        else:
            found.append(each)
    return found


class _Joined:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
