"""The pages of figures."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import figures

urlpatterns = [
    path("figures/", figures.figures_page, name="workspace_figures"),
    path("figures/bookings/", figures.bookings_page, name="workspace_figures_bookings"),
    path("figures/<slug:name>.csv", figures.figures_csv, name="workspace_figures_csv"),
]

declare(
    Audience.MANAGES_SOME,
    "workspace/figures/",
    "workspace/figures/bookings/",
    "workspace/figures/<slug:name>.csv",
)
