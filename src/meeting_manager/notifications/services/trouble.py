"""When something does not get through: one notice, not a flood."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.urls import reverse

from meeting_manager.departments.models import Department
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, Owed, enqueue
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.models import Watermark
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_managers

NOTICE = "notice"
PAUSE = timedelta(hours=6)
"""So long after a notice the next dead letters wait for theirs."""
_MARK = "delivery trouble"


def notice_dead(now: datetime) -> int:
    """Tell the System Managers that deliveries were given up, where some were since the last notice; returns how many
    notices. Periodic; `now` aware UTC.

    A notice that could not be delivered itself causes no other.
    """
    with transaction.atomic():
        beginning = {"until": now - PAUSE}
        mark, _ = Watermark.objects.select_for_update().get_or_create(name=_MARK, defaults=beginning)
        dead = Delivery.objects.filter(state=DeliveryState.DEAD).exclude(kind=NOTICE)
        if now - mark.until < PAUSE or not dead.filter(finished_at__gt=mark.until).exists():
            return 0
        counts = list(dead.order_by("kind").values("kind").annotate(count=Count("pk"), since=Min("finished_at")))
        managers = list(system_managers())
        enqueue([_dead_notice(manager, counts, now) for manager in managers], now=now)
        mark.until = now
        mark.save(update_fields=["until"])
    return len(managers)


def calendar_notice(event: Event, now: datetime) -> list[Owed]:
    """A calendar that cannot be kept in step needs its owner, and where it is not read their leaders; one notice a day
    for each calendar and reader.

    The event's payload: `user` (address), `calendar` (document name), `label` (as its owner calls it), `error`,
    `since` (ISO 8601, where it is known), `is_unread` where it cannot be read, and `repeated` where it went wrong so
    often that the System Managers should know.
    """
    owner = event.payload["user"]
    roles = {owner: Role.HOST}
    offered = _leaders(owner) if event.payload.get("is_unread") else {}
    roles |= {leader: Role.LEADER for leader in offered if leader != owner}
    if event.payload.get("repeated"):
        roles |= {manager.email: Role.ADMIN for manager in system_managers() if manager.email not in roles}
    facts = {
        "label": event.payload["label"],
        "error": event.payload["error"],
        "since": event.payload.get("since", ""),
        "owner": owner,
        "url": settings.SITE_URL + reverse("account_home"),
    }
    names = dict(User.objects.filter(email__in=roles).values_list("email", "full_name"))
    about = event.payload["calendar"]
    return [
        _notice(
            Message.CALENDAR_TROUBLE,
            role,
            address,
            names.get(address, ""),
            {**facts, "is_offered": offered.get(address, True)},
            now,
            about,
        )
        for address, role in roles.items()
    ]


def _leaders(member: str) -> dict[str, bool]:
    """The leaders of the departments where somebody is an active member, and whether that member is still offered in
    all of theirs. One query."""
    departments = Department.objects.filter(
        is_active=True, members__member__email=member, members__is_active=True, department_leader__is_active=True
    )
    found: dict[str, bool] = {}
    for email, is_offered in departments.values_list("department_leader__email", "offer_unread_calendars"):
        found[email] = found.get(email, True) and is_offered
    return found


def _dead_notice(manager: User, counts: Sequence[Mapping[str, Any]], now: datetime) -> Owed:
    kinds = [{"kind": str(row["kind"]), "count": row["count"], "since": _iso(row["since"])} for row in counts]
    facts = {"kinds": kinds, "url": settings.SITE_URL + reverse("workspace_deliveries") + "?state=dead"}
    return _notice(Message.DELIVERY_TROUBLE, Role.ADMIN, manager.email, manager.full_name, facts, now, "")


def _iso(moment: object) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else ""


def _notice(
    message: Message, role: Role, address: str, name: str, facts: Mapping[str, Any], now: datetime, about: str
) -> Owed:
    key = f"{NOTICE}:{message}:{about}:{address}:{now:%Y-%m-%d}" + ("" if about else f"T{now:%H}")
    payload = {"message": message, "role": role, "name": name, "facts": dict(facts)}
    return Owed(NOTICE, key, payload, now, about=about, recipient=address)
