"""One's own working hours, those of members, and why a time is not offered."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import hours, why

PERSON = "workspace/people/<str:email>"

urlpatterns = [
    path("accounts/hours/", hours.hours_page, name="account_hours"),
    path(f"{PERSON}/hours/", hours.hours_page, name="workspace_person_hours"),
    path("workspace/why/", why.why_page, name="workspace_why"),
]

declare(Audience.SIGNED_IN, "accounts/hours/", "workspace/why/")
declare(Audience.READS_ACCOUNT, f"{PERSON}/hours/")
