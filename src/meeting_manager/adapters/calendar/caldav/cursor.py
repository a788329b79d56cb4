"""What we remember of a collection from one pull to the next."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

WITNESSES = 200
"""So many events are remembered where a token tells the changes: they show when a server does not know it any more."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`about`: for which address, window and reader it is good. `token`: the server's, if it gives one. `seen`: marks
    of events by their names; all of them where there is no token, else some."""

    about: str = ""
    token: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, text: str) -> "Cursor":
        """The one that was written; an empty one where it is none."""
        with suppress(ValueError, TypeError, zlib.error):
            if text:
                return cls(*json.loads(zlib.decompress(base64.b64decode(text))))
        return cls()

    @property
    def text(self) -> str:
        return base64.b64encode(zlib.compress(json.dumps([self.about, self.token, self.seen]).encode())).decode()


def mark(etag: str) -> str:
    """By what a version is known again; nothing is where the server tells no etag."""
    return hashlib.sha256(etag.encode()).hexdigest()[:12] if etag else ""


def some(seen: Mapping[str, str]) -> dict[str, str]:
    """As many as are remembered beside a token."""
    return dict(list(seen.items())[:WITNESSES])


def retells(seen: Mapping[str, str], told: Mapping[str, str]) -> bool:
    """Whether `told` are not changes but everything there is: servers that lost a token may begin anew without saying
    so, and then what was deleted is not told. One in twenty of those we know, told again as they were, give it away.
    """
    same = sum(1 for name, known in seen.items() if known and told.get(name) == known)
    return same > 0 and same * 20 >= len(seen)
