"""The keys of a site whose operator gave none: one file with the key that seals, one with those that still open.

The order of what is written makes that no key is ever only in memory: first the key that is there is written among the
older ones, then the new one takes its place. Whoever is killed between leaves a key that is in both files.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

NEWEST, OLDER = "seal-key", "seal-keys-old"
_KEY_BYTES = 48

Stamp = tuple[int, int, int] | None


def kept_keys(folder: Path) -> tuple[str, tuple[str, ...]]:
    """The key that seals (empty where there is none) and the older ones. Read anew only where a file has changed."""
    return _read(folder, _stamp(folder / NEWEST), _stamp(folder / OLDER))


def add_key(folder: Path) -> None:
    """Make a new key that seals from now on; the one there was still opens.

    Effects: both files, each replaced as a whole. Who calls this at once does it one after the other. Raises OSError.
    """
    with _alone(folder):
        newest, *older = _lines(folder / NEWEST) + _lines(folder / OLDER)
        _write(folder / OLDER, list(dict.fromkeys([newest, *older])))
        _write(folder / NEWEST, [secrets.token_urlsafe(_KEY_BYTES)])


@lru_cache(maxsize=8)
def _read(folder: Path, *_stamps: Stamp) -> tuple[str, tuple[str, ...]]:
    """The keys, remembered for as long as both files have these stamps."""
    return next(iter(_lines(folder / NEWEST)), ""), tuple(_lines(folder / OLDER))


def _stamp(path: Path) -> Stamp:
    """What changes whenever a file is replaced."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _write(path: Path, lines: list[str]) -> None:
    """Replace a file such that there is the old or the new one at any time, also after the power failed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".seal-keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
