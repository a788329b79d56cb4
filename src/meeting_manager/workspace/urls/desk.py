"""The pages of the workspace."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import outbox

urlpatterns = [
    path("outbox/", outbox.outbox_page, name="workspace_outbox"),
    path("outbox/<str:message>/", outbox.message_page, name="workspace_outbox_message"),
    path("outbox/<str:message>/html/", outbox.message_html, name="workspace_outbox_html"),
    path("outbox/<str:message>/file/", outbox.message_file, name="workspace_outbox_file"),
]

declare(
    Audience.SYSTEM_MANAGER,
    "workspace/outbox/",
    "workspace/outbox/<str:message>/",
    "workspace/outbox/<str:message>/html/",
    "workspace/outbox/<str:message>/file/",
)
