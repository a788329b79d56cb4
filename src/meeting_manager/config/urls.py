"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

from meeting_manager.config import records
from meeting_manager.config.metrics import metrics
from meeting_manager.web import preferences
from meeting_manager.web.access import Audience, declare

handler500 = "meeting_manager.config.outages.server_error_or_outage"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("meeting_manager.public.urls")),
    path("api/v1/", include("meeting_manager.api.urls")),
    path("hooks/calendars/", include("meeting_manager.api.hooks")),
    path("api/method/", include("meeting_manager.api.frappe.urls")),
    path("api/resource/", include("meeting_manager.api.frappe.documents.urls")),
    path("accounts/", include("meeting_manager.workspace.urls.account")),
    path(records.PREFIX, records.make_records().urls),
    path("workspace/", include("meeting_manager.workspace.urls.new")),
    path("workspace/", include("meeting_manager.workspace.urls.desk")),
    path("workspace/bookings/<str:booking>/", include("meeting_manager.workspace.urls.acts")),
    path("workspace/", include("meeting_manager.workspace.urls.setup")),
    path("workspace/away/", include("meeting_manager.workspace.urls.away")),
    path("workspace/", include("meeting_manager.workspace.urls.privacy")),
    path("workspace/", include("meeting_manager.workspace.urls.bookings")),
    path("workspace/", include("meeting_manager.workspace.urls.figures")),
    path("workspace/", include("meeting_manager.workspace.urls.calendar")),
    path("", include("meeting_manager.workspace.urls.own")),
    path("accounts/", include("meeting_manager.people.urls")),
    path("preferences", preferences.choose, name="preferences"),
    path("metrics", metrics, name="metrics"),
]

declare(Audience.ANYBODY, "preferences")
declare(Audience.SYSTEM_MANAGER, "metrics")
