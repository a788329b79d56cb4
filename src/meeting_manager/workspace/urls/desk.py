"""The pages of the workspace."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import booked_events, booking, bulk, deliveries, finding, mails, outbox

urlpatterns = [
    path("bookings/<str:booking>/", booking.booking_page, name="workspace_booking"),
    path("bookings/<str:booking>/approve/", booking.approve_page, name="workspace_booking_approve"),
    path("bookings/<str:booking>/reject/", booking.reject_page, name="workspace_booking_reject"),
    path("bookings/<str:booking>/calendar/follow/", booked_events.follow_page, name="workspace_booking_follow"),
    path("bookings/<str:booking>/calendar/restore/", booked_events.restore_page, name="workspace_booking_restore"),
    path("deliveries/", deliveries.deliveries_page, name="workspace_deliveries"),
    path("deliveries/failed/<str:verb>/", bulk.bulk_page, name="workspace_deliveries_bulk"),
    path("deliveries/<str:delivery>/retry/", deliveries.retry_page, name="workspace_delivery_retry"),
    path("deliveries/<str:delivery>/discard/", deliveries.discard_page, name="workspace_delivery_discard"),
    path("mails/", mails.mails_page, name="workspace_mails"),
    path("mails/<str:message>/", mails.mail_page, name="workspace_mail"),
    path("mails/<str:message>/html/", mails.mail_html, name="workspace_mail_html"),
    path("mails/<str:message>/of/<str:department>/", mails.text_page, name="workspace_mail_text"),
    path("mails/<str:message>/of/<str:department>/html/", mails.text_html, name="workspace_mail_text_html"),
    path("mails/<str:message>/of/<str:department>/reset/", mails.reset_page, name="workspace_mail_reset"),
    path("find/", finding.find_page, name="workspace_find"),
    path("outbox/", outbox.outbox_page, name="workspace_outbox"),
    path("outbox/<str:message>/", outbox.message_page, name="workspace_outbox_message"),
    path("outbox/<str:message>/html/", outbox.message_html, name="workspace_outbox_html"),
    path("outbox/<str:message>/file/", outbox.message_file, name="workspace_outbox_file"),
]

declare(Audience.SIGNED_IN, "workspace/find/")
declare(
    Audience.SEES_BOOKING,
    "workspace/bookings/<str:booking>/",
    "workspace/bookings/<str:booking>/calendar/follow/",
    "workspace/bookings/<str:booking>/calendar/restore/",
)
declare(
    Audience.DECIDES_BOOKING,
    "workspace/bookings/<str:booking>/approve/",
    "workspace/bookings/<str:booking>/reject/",
)
declare(
    Audience.MANAGES_SOME,
    "workspace/deliveries/",
    "workspace/deliveries/failed/<str:verb>/",
    "workspace/deliveries/<str:delivery>/retry/",
    "workspace/deliveries/<str:delivery>/discard/",
    "workspace/mails/",
    "workspace/mails/<str:message>/",
    "workspace/mails/<str:message>/html/",
)
declare(
    Audience.MANAGES_DEPARTMENT,
    "workspace/mails/<str:message>/of/<str:department>/",
    "workspace/mails/<str:message>/of/<str:department>/html/",
    "workspace/mails/<str:message>/of/<str:department>/reset/",
)
declare(
    Audience.SYSTEM_MANAGER,
    "workspace/outbox/",
    "workspace/outbox/<str:message>/",
    "workspace/outbox/<str:message>/html/",
    "workspace/outbox/<str:message>/file/",
)
