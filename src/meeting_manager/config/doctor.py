"""What may be wrong with an installation, each with its remedy."""

import datetime as dt
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import django
import tzdata
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.utils import Error

from meeting_manager import __version__
from meeting_manager.adapters.sqlite.library import WAL_SAFE_SINCE, wal_is_safe
from meeting_manager.config.email_url import OUTBOX
from meeting_manager.config.env import env
from meeting_manager.config.health import LEAST_FREE_BYTES, unapplied_migrations
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import TICK
from meeting_manager.ledger.queries import figures

OLDEST_POSTGRESQL = 15
ZONES_OLD_AFTER_DAYS = 550
LATE_SECONDS = 600


class Kind(StrEnum):
    """How bad a finding is; only what is wrong fails the examination."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence of the doctor, and what to do about it."""

    kind: Kind
    text: str
    remedy: str = ""


Findings = Iterator[Finding]


def examine(now: dt.datetime) -> Findings:
    """Every finding of every examination; ``now`` (aware) tells how old the zone data is. Only reads."""
    for look_at in (_versions, _data_dir, _secrets, _settings, _database):
        yield from look_at()
    yield from _deliveries(now)
    yield from _zones(now)


def _versions() -> Findings:
    versions = f"Meeting Manager {__version__}, Python {platform.python_version()}, Django {django.get_version()}"
    yield Finding(Kind.OK, f"{versions}, {sys.platform}")


def _data_dir() -> Findings:
    folder: Path = settings.DATA_DIR
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(Kind.WRONG, f"DATA_DIR {folder} cannot be written.", "Make its owner the user that serves.")
        return
    free = shutil.disk_usage(folder).free
    text = f"DATA_DIR {folder} is writable, {free // 2**20} MB are free."
    if free < LEAST_FREE_BYTES:
        yield Finding(Kind.WRONG, text, "Make room on the disk.")
    else:
        yield Finding(Kind.OK, text)


def _secrets() -> Findings:
    folder: Path = settings.DATA_DIR / "secrets"
    open_ones = [path.name for path in sorted(folder.glob("[!.]*")) if path.stat().st_mode & 0o077]
    if open_ones:
        readable = f"Others can read the secrets {', '.join(open_ones)}."
        yield Finding(Kind.WRONG, readable, f"chmod 600 {folder}/*, and replace them if others have an account here.")
    else:
        yield Finding(Kind.OK, "Only their owner can read the secrets.")


def _settings() -> Findings:
    given = [name for name in sorted(env.settings) if env.is_set(name)]
    yield Finding(Kind.OK, f"Settings given: {', '.join(given) or 'none'}; all others have their defaults.")
    if settings.DEBUG:
        yield Finding(Kind.WRONG, "DEBUG is on: visitors see the inside of the program.", "Unset DEBUG.")
    loopback = settings.BIND in {"127.0.0.1", "::1"}
    if settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
        remedy = "Set TRUSTED_PROXIES to the address of the proxy that ends TLS, such as 127.0.0.1."
        yield Finding(Kind.WRONG, "SITE_URL is https, but no proxy is trusted to say that a request was.", remedy)
    if not settings.IS_HTTPS and not loopback:
        remedy = "Put a proxy with TLS in front, and set SITE_URL and TRUSTED_PROXIES."
        yield Finding(
            Kind.NOTE, "The site is served to others without https: passwords can be read on the way.", remedy
        )
    if settings.EMAIL_BACKEND == OUTBOX:
        yield Finding(Kind.NOTE, f"Mail is written into {settings.EMAIL_FILE_PATH}.", "Set EMAIL_URL to send it.")


def _database() -> Findings:
    look_at: Callable[[], Findings] = _sqlite if connection.vendor == "sqlite" else _postgresql
    try:
        yield from look_at()
        yield from _contents()
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding(Kind.WRONG, f"The database cannot be used: {reason}", "Start it, or mend DATABASE_URL.")


def _sqlite() -> Findings:
    from meeting_manager.adapters.sqlite.base import Database

    version = ".".join(str(part) for part in Database.sqlite_version_info)
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        damage = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    if wal_is_safe(Database.sqlite_version_info):
        yield Finding(Kind.OK, f"SQLite {version} with journal mode {journal}.")
    else:
        safe = ".".join(str(part) for part in WAL_SAFE_SINCE)
        remedy = f"The write-ahead log needs SQLite {safe}: install pysqlite3 from PyPI, or go on without it."
        yield Finding(Kind.NOTE, f"SQLite {version} is slower here, with journal mode {journal}.", remedy)
    if damage != "ok":
        yield Finding(Kind.WRONG, f"The database file is damaged: {damage}", "Restore a backup.")


def _postgresql() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000")
        version, major = cursor.fetchone()
        cursor.execute("SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = 'btree_gist'")
        extension = cursor.fetchone()
    if major < OLDEST_POSTGRESQL:
        yield Finding(Kind.WRONG, f"PostgreSQL {version} is too old.", f"Use {OLDEST_POSTGRESQL} or later.")
    else:
        yield Finding(Kind.OK, f"PostgreSQL {version}.")
    if extension is None:
        remedy = "Install the package postgresql-contrib on its machine."
        yield Finding(Kind.WRONG, "PostgreSQL lacks btree_gist, which keeps bookings from overlapping.", remedy)
    elif not extension[0]:
        remedy = "Run `meeting-manager migrate`; if it may not, CREATE EXTENSION btree_gist as a superuser."
        yield Finding(Kind.WRONG, "The extension btree_gist is not installed in this database.", remedy)
    else:
        yield Finding(Kind.OK, "The extension btree_gist is installed.")


def _contents() -> Findings:
    waiting = unapplied_migrations()
    if waiting:
        text = f"{len(waiting)} migrations are not applied, the first is {waiting[0]}."
        yield Finding(Kind.WRONG, text, "Run `meeting-manager migrate`; `serve` does so too.")
        return
    yield Finding(Kind.OK, "All migrations are applied.")
    if not get_user_model()._default_manager.filter(is_system_manager=True, is_active=True).exists():
        yield Finding(Kind.NOTE, "Nobody is a System Manager.", "Run `meeting-manager createadmin EMAIL`.")


def _deliveries(now: dt.datetime) -> Findings:
    try:
        told = figures(now) if not unapplied_migrations() else None
    except Error:
        told = None
    if told is None:
        return  # said above
    late = max((seconds for kind, seconds in told.overdue_seconds.items() if kind != TICK), default=0.0)
    if late > LATE_SECONDS:
        text = f"Mail and other deliveries are late: the oldest has been waiting for {late / 60:.0f} minutes."
        yield Finding(Kind.WRONG, text, "Have `serve` or `meeting-manager worker` running, and read its log.")
    else:
        yield Finding(Kind.OK, "No delivery is late.")
    dead = sum(number for (_, state), number in told.depth.items() if state == DeliveryState.DEAD)
    if dead:
        remedy = "Look at them under Deliveries as a System Manager; retry or discard them."
        yield Finding(Kind.NOTE, f"Given up deliveries: {dead}.", remedy)


def _zones(now: dt.datetime) -> Findings:
    version = tzdata.IANA_VERSION
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC)
    if now - released > dt.timedelta(days=ZONES_OLD_AFTER_DAYS):
        yield Finding(Kind.WRONG, f"Zone data {version} is old.", "Run `pip install --upgrade tzdata` and restart.")
    else:
        yield Finding(Kind.OK, f"Zone data {version}.")
