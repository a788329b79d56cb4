"""The calendar of the workspace, with which it begins."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import calendar

urlpatterns = [
    path("", calendar.start_page, name="workspace"),
    path("calendar/", calendar.calendar_page, name="workspace_calendar"),
    path("calendar/feed/", calendar.feed_page, name="workspace_calendar_feed"),
    path("calendar/<str:booking>/", calendar.booking_part, name="workspace_calendar_booking"),
    path("calendar/<str:booking>/hosts/", calendar.hosts_part, name="workspace_calendar_hosts"),
    path("calendar/<str:booking>/drop/", calendar.drop_part, name="workspace_calendar_drop"),
]

declare(Audience.SIGNED_IN, "workspace/", "workspace/calendar/", "workspace/calendar/feed/")
declare(
    Audience.SEES_BOOKING,
    "workspace/calendar/<str:booking>/",
    "workspace/calendar/<str:booking>/hosts/",
    "workspace/calendar/<str:booking>/drop/",
)
