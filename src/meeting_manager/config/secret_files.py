"""Secrets that are made at the first run and kept in files that only their owner can read."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 48


def kept_secret(folder: Path, name: str) -> str:
    """The secret ``name``, made now if there is none.

    Effect: creates ``folder`` (mode 0700) and a file (mode 0600). Processes that start together all get the same one.
    Raises OSError where the folder can't be written.
    """
    path = folder / name
    if not path.exists():
        _create(path, secrets.token_urlsafe(SECRET_BYTES))
    kept = path.read_text(encoding="ascii").strip()
    if not kept:
        raise OSError(
            f"the secret in {path} is empty; restore it from a backup, or delete the file to have a new one made"
        )
    return kept


def _create(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link appears with its whole content or not at all, and never replaces the one another process made first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
