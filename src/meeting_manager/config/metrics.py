"""Figures of the site for Prometheus, asked of the database at the moment it looks: the same from every process."""

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja.errors import AuthenticationError
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import meeting_manager
from meeting_manager.api.caller import bearer
from meeting_manager.api.replies import NO_STORE, on_exception
from meeting_manager.ledger.handlers import registered
from meeting_manager.ledger.queries import DEPTH_STATES, Figures, figures
from meeting_manager.people.rules import is_system_manager

PREFIX = "meeting_manager"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in the form that the caller prefers of those Prometheus reads; for System Managers' tokens."""
    try:
        if not is_system_manager(bearer(request)):
            raise PermissionDenied("Only System Managers may read metrics.")
    except (AuthenticationError, PermissionDenied, ValidationError) as error:
        return on_exception(request, error)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(_registry(timezone.now())), content_type=content_type, headers=NO_STORE)


def _registry(now: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(SiteCollector(figures(now), tuple(registered())))
    return registry


@dataclass(frozen=True, slots=True, eq=False)  # registries tell collectors apart by identity
class SiteCollector(Collector):
    """What there is to tell; `kinds` are told also where they have nothing, so that alerts see zeros."""

    found: Figures
    kinds: Iterable[str]

    def collect(self) -> Iterable[Metric]:
        """The metrics of a site."""
        yield _build()
        yield self._depth()
        yield self._overdue()
        yield self._failures()

    def _depth(self) -> Metric:
        metric = GaugeMetricFamily(
            f"{PREFIX}_deliveries", "Deliveries that wait, are under way or were given up.", labels=["kind", "state"]
        )
        known = {(kind, state.value): 0 for kind in self.kinds for state in DEPTH_STATES}
        for (kind, state), number in {**known, **self.found.depth}.items():
            metric.add_metric([kind, state], number)
        return metric

    def _overdue(self) -> Metric:
        metric = GaugeMetricFamily(
            f"{PREFIX}_delivery_oldest_overdue_seconds",
            "Since when the oldest delivery has been due without being carried out.",
            labels=["kind"],
        )
        return self._by_kind(metric, self.found.overdue_seconds)

    def _failures(self) -> Metric:
        metric = CounterMetricFamily(f"{PREFIX}_delivery_failures", "Attempts that failed, ever.", labels=["kind"])
        return self._by_kind(metric, self.found.failures)

    def _by_kind(self, metric: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
        for kind, value in {**dict.fromkeys(self.kinds, 0), **values}.items():
            metric.add_metric([kind], value)
        return metric


def _build() -> Metric:
    value = {"version": meeting_manager.__version__, "python": platform.python_version()}
    return InfoMetricFamily(f"{PREFIX}_build", "What runs here.", value=value)
