"""One's own hours, rules, days and settings, the hours of members, and why a time is not offered."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import days, hours, rules, settings, why

PERSON = "workspace/people/<str:email>"

urlpatterns = [
    path("accounts/hours/", hours.hours_page, name="account_hours"),
    path("accounts/rules/", rules.rules_page, name="account_rules"),
    path("accounts/rules/new/", rules.rule_page, name="account_rule_new"),
    path("accounts/rules/of/<str:rule>/", rules.rule_page, name="account_rule"),
    path("accounts/rules/of/<str:rule>/delete/", rules.delete_page, name="account_rule_delete"),
    path("accounts/days/", days.days_page, name="account_days"),
    path("accounts/days/remove/", days.remove_page, name="account_day_remove"),
    path("accounts/days/holidays/", days.holidays_page, name="account_holidays"),
    path("accounts/settings/", settings.settings_page, name="account_settings"),
    path(f"{PERSON}/hours/", hours.hours_page, name="workspace_person_hours"),
    path("workspace/why/", why.why_page, name="workspace_why"),
]

declare(
    Audience.SIGNED_IN,
    "accounts/hours/",
    "accounts/rules/",
    "accounts/rules/new/",
    "accounts/rules/of/<str:rule>/",
    "accounts/rules/of/<str:rule>/delete/",
    "accounts/days/",
    "accounts/days/remove/",
    "accounts/days/holidays/",
    "accounts/settings/",
    "workspace/why/",
)
declare(Audience.READS_ACCOUNT, f"{PERSON}/hours/")
