"""What browsers get that others wrote: fetched from the npm registry once, by version and digest, and kept here.

`make install` and building a wheel do it; with the files there, nothing is fetched. Without Node, as an archive is all
that is needed.
"""

import base64
import hashlib
import io
import os
import ssl
import tarfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STATIC = Path("src/meeting_manager/workspace/static/workspace/vendor")
_PATIENCE_SECONDS = 60
PAUSES_SECONDS: Sequence[float] = (1, 3)


class WrongArchiveError(Exception):
    """What came is not what was pinned."""


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package: what of it goes where. `integrity` is that of the registry, "sha512-…" in base 64."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where its archive is."""
        registry = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
        return f"{registry}/{self.name}/-/{self.name.rpartition('/')[2]}-{self.version}.tgz"


CALENDAR = Package(
    name="@event-calendar/build",
    version="5.10.1",
    integrity="sha512-iAR/l5oeFwqt7mfjBGsrpTiWFOt8yfI7PxV0OqnGaTzZGxvre2QeI0TNNlTpuefoMPd15qseQlfWpxiORzJOMA==",
    files=("dist/event-calendar.min.js", "dist/event-calendar.min.css"),
)


def provide(package: Package, root: Path, pauses: Sequence[float] = PAUSES_SECONDS) -> bool:
    """Whether the files had to be fetched. Effect: writes them below `root`; the stamp comes last, so that what was
    interrupted is done again. Raises OSError where there is no network, WrongArchiveError.
    """
    folder = root / STATIC
    stamp = folder / f"{package.name.replace('/', '-').lstrip('@')}.version"
    wanted = f"{package.version} {package.integrity}\n"
    if stamp.exists() and stamp.read_text() == wanted and all((folder / Path(f).name).exists() for f in package.files):
        return False
    unpack(package, _fetch(package, pauses), folder)
    stamp.write_text(wanted)
    return True


def unpack(package: Package, archive: bytes, folder: Path) -> None:
    """Effect: writes the files of an archive into `folder`. Raises WrongArchiveError unless it is the pinned one."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise WrongArchiveError(f"{package.address} is not what was pinned")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        for name in package.files:
            member = opened.extractfile(f"package/{name}")
            if member is None:
                raise WrongArchiveError(f"{name} is no file in {package.address}")
            (folder / Path(name).name).write_bytes(_without_map(member.read()))


def _without_map(content: bytes) -> bytes:
    """The manifest of static files would look for the source map, which nobody needs."""
    lines = content.rstrip().splitlines(keepends=True)
    if lines and lines[-1].startswith((b"//# sourceMappingURL", b"/*# sourceMappingURL")):
        lines.pop()
    return b"".join(lines)


def _fetch(package: Package, pauses: Sequence[float]) -> bytes:
    for pause in pauses:
        try:
            return _ask(package)
        except OSError:  # networks have hiccups, and pip tries again, too
            time.sleep(pause)
    try:
        return _ask(package)
    except OSError as error:
        hint = "NPM_CONFIG_REGISTRY names another registry"
        raise OSError(f"{package.address} cannot be fetched ({error}); {hint}") from error


def _ask(package: Package) -> bytes:
    trust = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
    with urllib.request.urlopen(package.address, timeout=_PATIENCE_SECONDS, context=trust) as answer:  # noqa: S310 - an address of ours
        content: bytes = answer.read()
    return content


if __name__ == "__main__":
    provide(CALENDAR, Path(__file__).parent.parent)
