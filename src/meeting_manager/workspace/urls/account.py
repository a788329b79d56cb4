"""The pages of one's own account."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import account, feed

urlpatterns = [
    path("", account.home, name="account_home"),
    path("tokens/", account.tokens, name="account_tokens"),
    path("feed/", feed.feed_page, name="account_feed"),
    path("feed/new/", feed.make_page, name="account_feed_make"),
    path("feed/off/", feed.off_page, name="account_feed_off"),
    path("tokens/<int:number>/revoke/", account.revoke, name="account_revoke_token"),
]

declare(
    Audience.SIGNED_IN,
    "accounts/",
    "accounts/tokens/",
    "accounts/feed/",
    "accounts/feed/new/",
    "accounts/feed/off/",
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
