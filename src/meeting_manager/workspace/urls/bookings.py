"""The list of bookings, what is done to many of them, and the queue of approvals."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import approvals, bookings, many, saved

urlpatterns = [
    path("bookings/", bookings.bookings_page, name="workspace_bookings"),
    path("approvals/", approvals.approvals_page, name="workspace_approvals"),
    path("bulk/export/", bookings.export_page, name="workspace_bookings_export"),
    path("bulk/<slug:verb>/", many.many_page, name="workspace_bulk"),
    path("bulk/runs/<int:run>/", many.run_page, name="workspace_bulk_run"),
    path("views/", saved.views_page, name="workspace_views"),
    path("views/<int:view>/rename/", saved.rename_page, name="workspace_view_rename"),
    path("views/<int:view>/delete/", saved.delete_page, name="workspace_view_delete"),
]

declare(
    Audience.SIGNED_IN,
    "workspace/bookings/",
    "workspace/bulk/export/",
    "workspace/bulk/<slug:verb>/",
    "workspace/views/",
)
declare(Audience.MANAGES_SOME, "workspace/approvals/")
declare(
    Audience.OWNS_RECORD,
    "workspace/bulk/runs/<int:run>/",
    "workspace/views/<int:view>/rename/",
    "workspace/views/<int:view>/delete/",
)
