"""The pages of one's own account."""

from django.urls import path

from meeting_manager.workspace.views import account

urlpatterns = [
    path("", account.home, name="account_home"),
    path("tokens/", account.tokens, name="account_tokens"),
    path("tokens/<int:number>/revoke/", account.revoke, name="account_revoke_token"),
]
