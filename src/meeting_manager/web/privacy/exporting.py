"""Everything about one e-mail address as one JSON document."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from meeting_manager.adapters.mail import outbox
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.bookings.services import exporting as bookings
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import erasing as calendars
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.services import erasing as notifications
from meeting_manager.people.models import User
from meeting_manager.people.queries import feed_of, settings_of, tokens_of
from meeting_manager.web.deliveries import what
from meeting_manager.web.privacy.asking import address_of, colleague, require_right

Json = dict[str, Any]

log = structlog.get_logger(__name__)

_OF_CALENDAR = ("name", "integration_type", "integration_name", "account", "is_active", "is_primary", "last_sync")


def export(*, actor: User, email: str, now: datetime) -> Json:
    """Everything that is known of the person with this address, without secrets. Raises PermissionDenied,
    ValidationError.
    """
    require_right(actor)
    address = address_of(email)
    account = colleague(address)
    log.info("personal data exported", by=actor.email, is_colleague=account is not None)
    return {
        "email": address,
        "exported_at": now,
        **bookings.export(address),
        **notifications.export(address),
        "deliveries": [_delivery(row) for row in _deliveries(address)],
        "mails_in_the_outbox": [_mail(*kept) for kept in outbox.messages_to(address)],
        "calendar_events": list(calendars.export(address)),
        "account": _account(account) if account else None,
    }


def as_text(found: Json) -> str:
    """The document as JSON for people: instants in UTC, letters as they are."""
    return json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _deliveries(address: str) -> Iterable[Delivery]:
    return Delivery.objects.filter(recipient=address).order_by("pk").iterator(chunk_size=500)


def _delivery(row: Delivery) -> Json:
    return {
        "what": what(row),
        "about": row.about,
        "state": row.state,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "note": row.note,
    }


def _mail(name: str, content: bytes) -> Json:
    return {"file": name, "message": content.decode("utf-8", "replace")}


def _account(user: User) -> Json:
    """What belongs to a colleague: the account, and their part in the work."""
    feed = feed_of(user)
    return {
        "full_name": user.full_name,
        "is_active": user.is_active,
        "is_system_manager": user.is_system_manager,
        "date_joined": user.date_joined,
        "last_login": user.last_login,
        "settings": model_to_dict(settings_of(user), fields=["timezone", "bio", "working_hours_json"]),
        "tokens": list(tokens_of(user).values("label", "hint", "created_at", "revoked_at")),
        "feed_since": feed.made_at if feed else None,
        "departments": [_membership(row) for row in user.memberships.select_related("department")],
        "availability_rules": [_rule(row) for row in AvailabilityRule.objects.filter(user=user)],
        "calendars": list(CalendarIntegration.objects.filter(user=user).values(*_OF_CALENDAR)),
        "hosted_bookings": bookings.export_of_host(user),
        "acts": bookings.acts_of(user),
    }


def _membership(row: DepartmentMember) -> Json:
    return {
        "department": row.department.department_name,
        "is_active": row.is_active,
        "total_assignments": row.total_assignments,
        "last_assigned": row.last_assigned_datetime,
    }


def _rule(rule: AvailabilityRule) -> Json:
    overrides = rule.date_overrides.values("date", "available", "custom_hours_start", "custom_hours_end", "reason")
    return {**model_to_dict(rule, exclude=["id", "user"]), "name": rule.name, "date_overrides": list(overrides)}
