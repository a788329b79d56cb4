"""Making a backup of a site, and restoring one."""

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from meeting_manager import __version__
from meeting_manager.config.backup import databases
from meeting_manager.config.backup.archive import FORMAT, BackupError, Manifest, digests, pack, unpack
from meeting_manager.config.backup.databases import Say
from meeting_manager.config.emptiness import site_is_empty
from meeting_manager.config.health import known_migrations

FOLDERS = ("secrets", "media")
"""What is kept of DATA_DIR beside the database."""


def back_up(archive: Path, now: dt.datetime, say: Say) -> Manifest:
    """Write a backup of the running site; ``now`` is aware. Raises BackupError, also where the file exists."""
    if archive.exists():
        raise BackupError(f"{archive} exists already; choose another name.")
    with tempfile.TemporaryDirectory(dir=archive.resolve().parent, prefix=".backup-") as staging:
        folder = Path(staging)
        databases.dump(folder, say)
        for name in FOLDERS:
            if (settings.DATA_DIR / name).exists():
                shutil.copytree(settings.DATA_DIR / name, folder / name, ignore=shutil.ignore_patterns(".*"))
        manifest = Manifest(
            format=FORMAT,
            release=__version__,
            made_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
            files=digests(folder),
        )
        say(f"Packing {len(manifest.files)} files ...")
        pack(folder, manifest, archive)
    return manifest


def restore(archive: Path, say: Say, *, force: bool) -> Manifest:
    """Replace the database, the secrets and the uploads of this site by those of a backup.

    Raises BackupError before anything is changed where the backup is damaged, made on the other kind of database or by
    a later release, or where the site is not empty and ``force`` is off.
    """
    if not force and not site_is_empty():
        raise BackupError("This site is not empty, and restoring replaces all of it; --force does so.")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as staging:
        folder = Path(staging)
        manifest = unpack(archive, folder)
        _refuse_unfit(manifest)
        say(f"The backup of {manifest.made_at} is whole.")
        databases.load(folder, say)
        for name in FOLDERS:
            _replace(folder / name, settings.DATA_DIR / name)
    return manifest


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.database}, this site uses {connection.vendor}; set DATABASE_URL."
        )
    unknown = sorted(set(manifest.migrations) - {f"{app}.{name}" for app, name in known_migrations()})
    if unknown:
        raise BackupError(
            f"The backup was made by release {manifest.release}, which knows {unknown[0]}; install that one."
        )


def _replace(source: Path, target: Path) -> None:
    if not source.exists():
        return
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (path for path in sorted(source.rglob("*")) if path.is_file()):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o600)
        os.replace(path, place)  # noqa: PTH105 - both are on the same disk, so it is one step
