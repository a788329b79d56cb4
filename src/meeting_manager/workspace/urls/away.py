"""The pages that deal with somebody's absence."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import away

urlpatterns = [
    path("", away.away_page, name="workspace_away"),
    path("done/", away.done_page, name="workspace_away_done"),
    path("undo/", away.undo_page, name="workspace_away_undo"),
]

declare(Audience.MANAGES_SOME, "workspace/away/", "workspace/away/done/", "workspace/away/undo/")
