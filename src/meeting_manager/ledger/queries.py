"""What there is to know of deliveries, for people and for those who watch a site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery, FailureCount

DEPTH_STATES = (DeliveryState.READY, DeliveryState.RUNNING, DeliveryState.DEAD)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the ledger stands, by kind; kinds without anything to tell are absent."""

    depth: Mapping[tuple[str, str], int]
    """How many there are: (kind, one of DEPTH_STATES) → number."""

    overdue_seconds: Mapping[str, float]
    """Since when the oldest has been waiting that is due, or whose worker was lost."""

    failures: Mapping[str, int]
    """Failed attempts ever; only grows."""


def timeline(about: Iterable[str]) -> QuerySet[Delivery]:
    """Every delivery about the records with these document names, in the order they were written."""
    return Delivery.objects.filter(about__in=list(about)).order_by("created_at", "pk")


def figures(now: datetime) -> Figures:
    """The figures as of `now` (aware UTC), by one query each."""
    return Figures(depth=_depth(), overdue_seconds=_overdue(now), failures=_failures())


def _depth() -> dict[tuple[str, str], int]:
    rows = Delivery.objects.filter(state__in=DEPTH_STATES).order_by().values_list("kind", "state")
    return {(kind, state): number for kind, state, number in rows.annotate(number=Count("pk"))}


def _overdue(now: datetime) -> dict[str, float]:
    late = Q(state=DeliveryState.READY, due__lte=now) | Q(state=DeliveryState.RUNNING, lease_until__lt=now)
    rows = Delivery.objects.filter(late).order_by().values_list("kind").annotate(oldest=Min("due"))
    return {kind: max((now - oldest).total_seconds(), 0.0) for kind, oldest in rows}


def _failures() -> dict[str, int]:
    return dict(FailureCount.objects.values_list("kind", "failures"))
