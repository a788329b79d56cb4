"""The ways through the workspace: each person sees those that are open to them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments.rules import manages_some
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.workspace.creating import creates_some
from meeting_manager.workspace.outbox import is_outbox_used


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation; `pages` are the URL names behind it, the first its own."""

    label: str | Promise
    pages: tuple[str, ...]
    is_open: Callable[[bool, bool], bool]
    """Called with: whether the reader is a System Manager; whether they manage a department."""
    keys: str = ""
    """The keys, one after the other, that lead there."""
    is_open_to: Callable[[User], bool] | None = None
    """Where that does not say it all: asked about a reader to whom it is not open yet."""

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.pages[0])


_CALENDARS = (
    "account_calendars",
    "account_calendars_connect",
    "account_calendars_caldav",
    "account_calendars_feed",
    "account_calendars_choose",
    "account_calendar_edit",
    "account_calendar_reconnect",
    "account_calendar_disconnect",
)

_OWN = (
    "account_settings",
    "account_hours",
    "account_rules",
    "account_rule_new",
    "account_rule",
    "account_rule_delete",
    "account_days",
    "account_holidays",
)

_DEPARTMENTS = (
    "workspace_departments",
    "workspace_department_new",
    "workspace_department",
    "workspace_department_logo",
    "workspace_department_danger",
    "workspace_department_members",
    "workspace_department_member_add",
    "workspace_department_order",
    "workspace_department_member",
    "workspace_department_member_remove",
    "workspace_department_types",
    "workspace_type_new",
    "workspace_type",
    "workspace_type_reminders",
    "workspace_type_questions",
    "workspace_type_preview",
    "workspace_type_delete",
    "workspace_welcome",
    "workspace_welcome_step",
)
_PEOPLE = (
    "workspace_people",
    "workspace_people_invite",
    "workspace_person",
    "workspace_person_edit",
    "workspace_person_disable",
)

_BOOKINGS = (
    "workspace_bookings",
    "workspace_booking",
    "workspace_bookings_export",
    "workspace_bulk",
    "workspace_bulk_run",
    "workspace_views",
    "workspace_view_rename",
)


def _managers(_: bool, manages: bool) -> bool:
    return manages


WAYS = (
    Way(_("Calendar"), ("workspace_calendar",), lambda *_: True, "g c"),
    Way(_("Bookings"), _BOOKINGS, lambda *_: True, "g b"),
    Way(_("Approvals"), ("workspace_approvals",), _managers, "g a"),
    Way(_("New"), ("workspace_new", "workspace_new_booking", "workspace_new_meeting"), _managers, "g n", creates_some),
    Way(_("Away"), ("workspace_away", "workspace_away_done"), _managers, "g w"),
    Way(_("Figures"), ("workspace_figures", "workspace_figures_bookings"), _managers, "g f"),
    Way(_("Departments"), _DEPARTMENTS, _managers, "g d"),
    Way(_("People"), _PEOPLE, _managers, "g p"),
    Way(_("Mail texts"), ("workspace_mails", "workspace_mail", "workspace_mail_text"), _managers),
    Way(_("Deliveries"), ("workspace_deliveries", "workspace_deliveries_bulk"), _managers, "g e"),
    Way(
        _("Outbox"),
        ("workspace_outbox", "workspace_outbox_message"),
        lambda is_manager, _: is_manager and is_outbox_used(),
    ),
    Way(_("Personal data"), ("workspace_privacy",), lambda is_manager, _: is_manager),
    Way(
        _("Your account"),
        ("account_home", *_OWN, "account_tokens", "account_feed", "workspace_why", *_CALENDARS),
        lambda *_: True,
        "g u",
    ),
)


def ways_of(user: User) -> list[Way]:
    """What is open to `user`; reads a row for those who are no System Managers."""
    is_manager, manages = is_system_manager(user), manages_some(user)
    return [
        way for way in WAYS if way.is_open(is_manager, manages) or (way.is_open_to is not None and way.is_open_to(user))
    ]
