"""The pages of one's own account."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import account, calendars, connecting, consent, feed

urlpatterns = [
    path("", account.home, name="account_home"),
    path("tokens/", account.tokens, name="account_tokens"),
    path("feed/", feed.feed_page, name="account_feed"),
    path("feed/new/", feed.make_page, name="account_feed_make"),
    path("feed/off/", feed.off_page, name="account_feed_off"),
    path("calendars/", calendars.calendars_page, name="account_calendars"),
    path("calendars/connect/", connecting.kinds_page, name="account_calendars_connect"),
    path("calendars/connect/caldav/", connecting.caldav_page, name="account_calendars_caldav"),
    path("calendars/connect/ical/", connecting.feed_page, name="account_calendars_feed"),
    path("calendars/connect/choose/", connecting.choose_page, name="account_calendars_choose"),
    path("calendars/connect/<slug:provider>/", consent.begin_page, name="account_calendars_consent"),
    path("calendars/back/<slug:provider>/", consent.back_page, name="account_calendars_back"),
    path("calendars/of/<str:calendar>/edit/", calendars.edit_page, name="account_calendar_edit"),
    path("calendars/of/<str:calendar>/sync/", calendars.sync_page, name="account_calendar_sync"),
    path("calendars/of/<str:calendar>/primary/", calendars.primary_page, name="account_calendar_primary"),
    path("calendars/of/<str:calendar>/reconnect/", connecting.reconnect_page, name="account_calendar_reconnect"),
    path("calendars/of/<str:calendar>/disconnect/", calendars.disconnect_page, name="account_calendar_disconnect"),
    path("tokens/<int:number>/revoke/", account.revoke, name="account_revoke_token"),
]

declare(
    Audience.SIGNED_IN,
    "accounts/",
    "accounts/tokens/",
    "accounts/feed/",
    "accounts/feed/new/",
    "accounts/feed/off/",
    "accounts/calendars/",
    "accounts/calendars/connect/",
    "accounts/calendars/connect/caldav/",
    "accounts/calendars/connect/ical/",
    "accounts/calendars/connect/choose/",
    "accounts/calendars/connect/<slug:provider>/",
    "accounts/calendars/back/<slug:provider>/",
)
declare(
    Audience.HAS_CALENDAR,
    "accounts/calendars/of/<str:calendar>/edit/",
    "accounts/calendars/of/<str:calendar>/sync/",
    "accounts/calendars/of/<str:calendar>/primary/",
    "accounts/calendars/of/<str:calendar>/reconnect/",
    "accounts/calendars/of/<str:calendar>/disconnect/",
)
declare(Audience.OWNS_TOKEN, "accounts/tokens/<int:number>/revoke/")
# The people room cannot reach the declarations, so that its pages are declared here.
declare(
    Audience.ANYBODY,
    "accounts/login/",
    "accounts/logout/",
    "accounts/inactive/",
    "accounts/signup/",
    "accounts/email/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "accounts/password/reset/key/done/",
    "accounts/2fa/authenticate/",
)
declare(
    Audience.SIGNED_IN,
    "accounts/reauthenticate/",
    "accounts/password/change/",
    "accounts/2fa/",
    "accounts/2fa/reauthenticate/",
    "accounts/2fa/totp/activate/",
    "accounts/2fa/totp/deactivate/",
    "accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/recovery-codes/download/",
)
