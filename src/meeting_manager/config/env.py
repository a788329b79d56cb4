"""Settings read from the environment: typed, explained where they are read, refused with one sentence when malformed.

Whoever reads a setting declares it in the same call. The declarations are the one list behind the documentation, the
doctor and the check that both agree.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

CLOSE_ENOUGH = 0.87
"""How alike two names are (0 to 1) before one is taken for a slip of the other."""

SHORT_NAME = 5
"""Names up to this length, such as PORT, are too easily resembled by chance."""

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


class BadSettingError(Exception):
    """A setting that stops the start; its text is one sentence for the operator."""


@dataclass(frozen=True)
class Setting:
    """What an operator needs to know of one setting."""

    name: str
    default: str
    expects: str
    help: str
    private: bool


class Environment:
    """The variables of a process, and the settings that were read from them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.settings: dict[str, Setting] = {}

    def is_set(self, name: str) -> bool:
        """True where the operator gave a value; an empty one counts as none."""
        return bool(self._variables.get(name, "").strip())

    def read(
        self,
        name: str,
        parse: Callable[[str], Value],
        default: Value,
        expects: str,
        help: str,  # noqa: A002 - the field's own word
        *,
        shown_default: str | None = None,
        private: bool = False,
    ) -> Value:
        """The value of setting ``name``. Raises BadSettingError where ``parse`` raises ValueError."""
        shown = shown_default if shown_default is not None else _shown(default)
        self.settings[name] = Setting(name, shown, expects, help, private)
        given = self._variables.get(name, "").strip()
        if not given:
            return default
        try:
            return parse(given)
        except ValueError as error:
            because = f" ({error})" if str(error) else ""
            seen = "is set, but its value is not right" if private else f'is "{given}", which is not right{because}'
            raise BadSettingError(f"The setting {name} {seen}; it must be {expects}.") from None

    def text(self, name: str, default: str, help: str, *, shown_default: str | None = None) -> str:  # noqa: A002
        """Any text."""
        return self.read(name, str, default, "text", help, shown_default=shown_default)

    def integer(self, name: str, default: int, help: str, *, low: int, high: int) -> int:  # noqa: A002
        """A whole number from ``low`` to ``high``, both included."""

        def parse(given: str) -> int:
            number = int(given) if re.fullmatch(r"[+-]?\d{1,12}", given) else None
            if number is None or not low <= number <= high:
                raise ValueError
            return number

        return self.read(name, parse, default, f"a whole number from {low} to {high}", help)

    def flag(self, name: str, default: bool, help: str) -> bool:  # noqa: A002
        """Yes or no."""

        def parse(given: str) -> bool:
            if given.lower() not in TRUE_WORDS + FALSE_WORDS:
                raise ValueError
            return given.lower() in TRUE_WORDS

        return self.read(name, parse, default, "1, true, yes or on, or else 0, false, no or off", help)

    def choice(self, name: str, default: str, help: str, *, among: Iterable[str]) -> str:  # noqa: A002
        """One of a few words, in any case of letters."""
        words = {word.lower(): word for word in among}

        def parse(given: str) -> str:
            if given.lower() not in words:
                raise ValueError
            return words[given.lower()]

        return self.read(name, parse, default, "one of " + ", ".join(words.values()), help)

    def words(
        self,
        name: str,
        default: tuple[str, ...],
        help: str,  # noqa: A002
        *,
        parse_one: Callable[[str], str] = str,
        expects: str = "names separated by commas",
        shown_default: str | None = None,
    ) -> tuple[str, ...]:
        """A list separated by commas; each part goes through ``parse_one``."""

        def parse(given: str) -> tuple[str, ...]:
            return tuple(parse_one(part.strip()) for part in given.split(",") if part.strip())

        return self.read(name, parse, default, expects, help, shown_default=shown_default)

    def refuse_slips(self) -> None:
        """Raise BadSettingError where a variable looks like a misspelt setting; call it when all have been read.

        Variables that resemble none of ours belong to somebody else and are left alone.
        """
        for given in sorted(set(self._variables) - set(self.settings)):
            names = [name for name in self.settings if len(name) > SHORT_NAME]
            likely = difflib.get_close_matches(given.upper(), names, n=1, cutoff=CLOSE_ENOUGH)
            if likely:
                raise BadSettingError(
                    f"The environment sets {given}, which is no setting of Meeting Manager; did you mean {likely[0]}?"
                )


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, tuple):
        return ", ".join(str(part) for part in default)
    return str(default)


def path_in(base: Path) -> Callable[[str], Path]:
    """A reader of paths; relative ones start at ``base``, ``~`` is the home directory."""
    return lambda given: (base / Path(given).expanduser()).resolve()


env = Environment(os.environ)
