"""The gateway of development and tests: it keeps each message as a file instead of sending it."""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from meeting_manager.adapters.sms.numbers import international


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """What would have gone out: `to` in E.164."""

    to: str
    text: str
    identity: str


class RecordingGateway:
    """Writes into `folder`; the same identity twice is one file, so one message."""

    def __init__(self, folder: Path, *, region: str) -> None:
        self._folder = folder
        self._region = region

    def send(self, *, to: str, text: str, identity: str) -> str:
        """Keep the message; returns the name of its file. Raises as a real gateway does for numbers it can't read."""
        message = RecordedMessage(international(to, self._region), text, identity)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"
        # Whoever reads meanwhile sees a whole message or none.
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(message), file, ensure_ascii=False, indent=1)
        Path(name).replace(target)
        return target.stem

    def sent(self) -> list[RecordedMessage]:
        """What was kept, in the order of its sending."""
        files = sorted(self._folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [RecordedMessage(**json.loads(path.read_text(encoding="utf-8"))) for path in files]
