"""The pages that create bookings, and those of the series that come of it."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import new_booking, new_meeting, series

urlpatterns = [
    path("new/", new_booking.new_page, name="workspace_new"),
    path("new/booking/", new_booking.booking_page, name="workspace_new_booking"),
    path("new/meeting/", new_meeting.meeting_page, name="workspace_new_meeting"),
    path("bookings/<str:booking>/series/", series.series_page, name="workspace_booking_series"),
    path("bookings/<str:booking>/series/cancel/", series.cancel_page, name="workspace_booking_series_cancel"),
    path("bookings/<str:booking>/series/move/", series.move_page, name="workspace_booking_series_move"),
]

declare(Audience.BOOKS_SOME, "workspace/new/", "workspace/new/booking/")
declare(Audience.MANAGES_SOME, "workspace/new/meeting/")
declare(
    Audience.SEES_BOOKING,
    "workspace/bookings/<str:booking>/series/",
    "workspace/bookings/<str:booking>/series/cancel/",
    "workspace/bookings/<str:booking>/series/move/",
)
