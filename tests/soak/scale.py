"""How much of it: a little in `make test`, the figures of the plan in `make soak`, which writes a report."""

import os
import time
from pathlib import Path

IS_FULL = os.environ.get("SOAK") == "full"
REPORT = Path(os.environ.get("SOAK_REPORT", "var/soak-report.md")).resolve()


def scaled(small: int, full: int) -> int:
    """`full` in `make soak`, else `small`."""
    return full if IS_FULL else small


class Report:
    """Lines of figures under the name of one test; printed, and kept in the report of a full run."""

    def __init__(self, title: str, database: str) -> None:
        self._title = f"{title} ({database})"
        self._began = time.monotonic()
        self._lines: list[str] = []

    def note(self, line: str) -> None:
        """Keep one line."""
        self._lines.append(line)
        print(f"  {line}")

    def close(self, *, passed: bool) -> None:
        """Append what was noted to the report."""
        if not (IS_FULL and self._lines):
            return
        seconds = time.monotonic() - self._began
        outcome = "held" if passed else "DID NOT HOLD"
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        with REPORT.open("a", encoding="utf-8") as file:
            file.write(f"## {self._title}: {outcome}, {seconds:.0f} s\n\n")
            file.writelines(f"- {line}\n" for line in self._lines)
            file.write("\n")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
