"""The pages on which staff do something to one booking."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views.acts import inviting, moving, reassigning, simple

urlpatterns = [
    path("cancel/", simple.simple_page, {"part": "cancel"}, name="workspace_booking_act_cancel"),
    path("complete/", simple.simple_page, {"part": "complete"}, name="workspace_booking_act_complete"),
    path("no-show/", simple.simple_page, {"part": "no-show"}, name="workspace_booking_act_no_show"),
    path("notes/", simple.simple_page, {"part": "notes"}, name="workspace_booking_act_notes"),
    path("edit/", simple.edit_page, name="workspace_booking_act_edit"),
    path("delete/", simple.delete_page, name="workspace_booking_act_delete"),
    path("reassign/", reassigning.reassign_page, name="workspace_booking_act_reassign"),
    path("reschedule/", moving.reschedule_page, name="workspace_booking_act_reschedule"),
    path("invite/", inviting.invite_page, name="workspace_booking_invite"),
    path("uninvite/", inviting.uninvite_page, name="workspace_booking_uninvite"),
    path("answer/", inviting.answer_page, name="workspace_booking_answer"),
]

BOOKING = "workspace/bookings/<str:booking>/"

declare(
    Audience.SEES_BOOKING,
    f"{BOOKING}cancel/",
    f"{BOOKING}complete/",
    f"{BOOKING}no-show/",
    f"{BOOKING}notes/",
    f"{BOOKING}edit/",
    f"{BOOKING}reschedule/",
    f"{BOOKING}invite/",
    f"{BOOKING}uninvite/",
)
declare(Audience.DECIDES_BOOKING, f"{BOOKING}reassign/")
declare(Audience.DELETES_BOOKING, f"{BOOKING}delete/")
declare(Audience.SIGNED_IN, f"{BOOKING}answer/")
