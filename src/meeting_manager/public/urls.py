"""The addresses of guests."""

from django.urls import path, re_path, register_converter

from meeting_manager.public.views import (
    answer,
    book,
    change,
    choose,
    confirm,
    embed,
    feed,
    look,
    manage,
    styleguide,
    unsubscribe,
)
from meeting_manager.web.access import Audience, declare

app_name = "public"


class Digest:
    """A part of an address that can be no slug's page, such as "details": SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    to_url = to_python


register_converter(Digest, "digest")

urlpatterns = [
    path("", choose.home, name="home"),
    path("book", choose.departments_page, name="departments"),
    path("book/<str:department>", choose.types_page, name="types"),
    path("book/<str:department>/look.css", look.stylesheet_file, name="look"),
    path("book/<str:department>/logo/<digest:digest>", look.logo_file, name="logo"),
    path("book/<str:department>/<str:meeting_type>", choose.times_page, name="times"),
    path("book/<str:department>/<str:meeting_type>/details", book.details_page, name="details"),
    path("embed.js", embed.script, name="embed_script"),
    path("embed/<str:department>", embed.types_page, name="embed_types"),
    path("embed/<str:department>/<str:meeting_type>", embed.times_page, name="embed_times"),
    path("embed/<str:department>/<str:meeting_type>/details", embed.details_page, name="embed_details"),
    path("embed/<str:department>/<str:meeting_type>/booked/<str:reference>", embed.booked_page, name="embed_booked"),
    path("booking", manage.lookup_page, name="lookup"),
    path("booking/<str:reference>.ics", manage.calendar_file, name="calendar_file"),
    path("booking/<str:reference>", manage.booking_page, name="booking"),
    path("booking/<str:reference>/cancel", change.cancel_page, name="cancel"),
    path("booking/<str:reference>/reschedule", change.reschedule_page, name="reschedule"),
    path("booking/<str:reference>/answer", answer.answer_page, name="answer"),
    path("calendar/<str:token>.ics", feed.feed_file, name="feed"),
    path("confirm/<str:token>", confirm.confirm_page, name="confirm"),
    path("unsubscribe/<str:token>", unsubscribe.unsubscribe_page, name="unsubscribe"),
    path("styleguide", styleguide.styleguide_page, name="styleguide"),
    re_path(r"^(?P<path>book(?:ing)?(?:/.+)?)/$", choose.without_slash),
]


declare(
    Audience.ANYBODY,
    "",
    "book",
    "book/<str:department>",
    "book/<str:department>/look.css",
    "book/<str:department>/logo/<digest:digest>",
    "book/<str:department>/<str:meeting_type>",
    "book/<str:department>/<str:meeting_type>/details",
    "embed.js",
    "embed/<str:department>",
    "embed/<str:department>/<str:meeting_type>",
    "embed/<str:department>/<str:meeting_type>/details",
    "booking",
    "calendar/<str:token>.ics",
    "confirm/<str:token>",
    "unsubscribe/<str:token>",
    "styleguide",
    r"^(?P<path>book(?:ing)?(?:/.+)?)/$",
)
declare(
    Audience.GUEST_WITH_REFERENCE,
    "embed/<str:department>/<str:meeting_type>/booked/<str:reference>",
    "booking/<str:reference>.ics",
    "booking/<str:reference>",
    "booking/<str:reference>/cancel",
    "booking/<str:reference>/reschedule",
)
declare(Audience.INVITED, "booking/<str:reference>/answer")
