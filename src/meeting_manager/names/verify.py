"""What must hold for document names: no counter is behind a number in use."""

from collections.abc import Iterable, Iterator

from meeting_manager.adapters.inspection import Violation
from meeting_manager.names.models import NameCounter


def counters_behind(names: Iterable[str]) -> Iterator[Violation]:
    """Counters whose last number is lower than one of `names` (`PREFIX-0001`); keeps one number for each prefix."""
    highest: dict[str, int] = {}
    for name in names:
        prefix, _, digits = name.rpartition("-")
        if prefix and digits.isascii() and digits.isdigit():
            highest[prefix] = max(int(digits), highest.get(prefix, 0))
    counters = dict(NameCounter.objects.values_list("prefix", "last_number"))
    for prefix, number in sorted(highest.items()):
        if counters.get(prefix, 0) < number:
            wrong = f"The counter stands at {counters.get(prefix, 0)}, but number {number} is in use."
            yield Violation(f"name counter {prefix}", wrong, f"Raise names_namecounter.last_number to {number}.")


def misnamed(kind: str, records: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    """Those of `(name, owner)` whose name is not `KIND-OWNER-` with a number behind it."""
    for name, owner in records:
        prefix = f"{kind}-{owner}"
        number = name.removeprefix(f"{prefix}-")
        if number == name or len(number) < 4 or not (number.isascii() and number.isdigit()):
            wrong = f"The document name should be {prefix}-#### with a number."
            yield Violation(name, wrong, "Names never change: find out who wrote it, and restore the name.")
