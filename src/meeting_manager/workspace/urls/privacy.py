"""Personal data, for System Managers."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import privacy

urlpatterns = [
    path("privacy/", privacy.privacy_page, name="workspace_privacy"),
    path("privacy/export/", privacy.export_page, name="workspace_privacy_export"),
    path("privacy/erase/", privacy.erase_page, name="workspace_privacy_erase"),
]

declare(
    Audience.SYSTEM_MANAGER,
    "workspace/privacy/",
    "workspace/privacy/export/",
    "workspace/privacy/erase/",
)
