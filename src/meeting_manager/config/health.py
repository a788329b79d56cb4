"""Is the site alive, and can it do its work? For load balancers and supervisors."""

import functools
import shutil
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

LEAST_FREE_BYTES = 20 * 1024 * 1024


class HealthMiddleware:
    """Answers /healthz and /readyz before hosts, sessions or anything else can stand in the way of a probe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The state of the site for the two addresses of probes; anything else goes on inward."""
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return _readiness()
        return self._get_response(request)


def _readiness() -> HttpResponse:
    reasons = list(reasons_not_ready())
    body = {"status": "unavailable" if reasons else "ok", "reasons": reasons}
    return JsonResponse(body, status=503 if reasons else 200, headers={"Cache-Control": "no-store"})


def reasons_not_ready() -> Iterator[str]:
    """Why the site can't do its work now, in sentences; none when it can."""
    try:
        waiting = unapplied_migrations()
        if waiting:
            yield f"{len(waiting)} migrations are not applied; run `meeting-manager migrate`."
    except Error:
        connection.close()
        yield "The database cannot be reached."
    if shutil.disk_usage(settings.DATA_DIR).free < LEAST_FREE_BYTES:
        yield "The disk of DATA_DIR is full."


def unapplied_migrations() -> list[str]:
    """Names of migrations this release has and the database lacks; costs one query. Raises Error of the database."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in known_migrations() if (app, name) not in applied)


@functools.cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Application and name of every migration this release has."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())
