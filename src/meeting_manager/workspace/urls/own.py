"""One's own working hours, and those of members."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import hours

PERSON = "workspace/people/<str:email>"

urlpatterns = [
    path("accounts/hours/", hours.hours_page, name="account_hours"),
    path(f"{PERSON}/hours/", hours.hours_page, name="workspace_person_hours"),
]

declare(Audience.SIGNED_IN, "accounts/hours/")
declare(Audience.READS_ACCOUNT, f"{PERSON}/hours/")
