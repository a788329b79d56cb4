"""The archive of a backup: written file by file, and believed only when every file is the one that was written."""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 2**20


class BackupError(Exception):
    """A backup that can't be made or used; its text says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``made_at`` is ISO 8601 in UTC; ``files`` are SHA-256 digests by name."""

    format: int
    release: str
    made_at: str
    database: str
    migrations: list[str]
    files: dict[str, str]


def pack(folder: Path, manifest: Manifest, archive: Path) -> None:
    """Write ``folder`` and the manifest into ``archive``, which appears when it is whole, for its owner only."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    draft = archive.with_name(archive.name + ".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
            for name in [MANIFEST, *sorted(manifest.files)]:
                tar.add(folder / name, arcname=name)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(archive)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack into the empty ``folder``. Raises BackupError unless all that the manifest names is there, unchanged."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise BackupError(f"{archive} is not a whole backup of Meeting Manager: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{archive} has format {manifest.format}; this release reads format {FORMAT}.")
    found = digests(folder)
    broken = sorted(set(manifest.files.items()) ^ set(found.items()))
    if broken:
        raise BackupError(f"{archive} is damaged: {broken[0][0]} is not what was backed up.")
    return manifest


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder`` but the manifest, by relative name."""
    return {name: _digest(folder / name) for name in _names(folder) if name != MANIFEST}


def _names(folder: Path) -> Iterator[str]:
    yield from (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
