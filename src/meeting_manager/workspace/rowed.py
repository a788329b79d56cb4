"""Forms of many rows, without script: buttons add, remove and move rows, and nothing is kept before it is saved."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.http import QueryDict

from meeting_manager.web.forms import RefusableForm

MOST_ROWS = 60
_ROW = re.compile(r"^Row ([0-9]+): ")


F = TypeVar("F", bound=RefusableForm)


class Rows(Generic[F]):
    """The rows of a page. `forms` are what is shown, in order; `problems` what belongs to no row."""

    def __init__(self, form: type[F], stored: Sequence[Mapping[str, object]], data: QueryDict | None) -> None:
        """As stored, or as sent."""
        self._form = form
        self.problems: list[str] = []
        count = _count(data) if data is not None else 0
        self.forms: list[F] = (
            [form(data, prefix=f"row-{place}") for place in range(count)] if data is not None else self._fresh(stored)
        )

    def press(self, button: str) -> bool:
        """Do what a button other than the one to save asks for; whether there was one. Effect: `forms` change."""
        verb, _, number = button.partition("-")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
        values = [_typed(each) for each in self.forms]
        if verb == "add" and len(values) < MOST_ROWS:
            values.append(self._form.blank())  # type: ignore[attr-defined] # all forms of rows have it
        elif verb == "remove" and 0 <= place < len(values):
            del values[place]
        elif verb in {"up", "down"} and 0 <= place < len(values):
            _swap(values, place, place + (-1 if verb == "up" else 1))
        else:
            return False
        self.forms = self._fresh(values)
        return True

    def save(self, service: Callable[[list[dict[str, object]]], object]) -> bool:
        """Whether all rows make sense and the service took them; else they say what is wrong."""
        if not all(each.is_valid() for each in self.forms):
            return False
        try:
            service([each.row() for each in self.forms])  # type: ignore[attr-defined] # as above
        except ValidationError as error:
            for message in error.messages:
                self._refuse(message)
            return False
        return True

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.problems) or any(each.is_bound and each.errors for each in self.forms)

    def _refuse(self, message: str) -> None:
        found = _ROW.match(message)
        place = int(found[1]) - 1 if found else -1
        if found and place < len(self.forms):
            self.forms[place].refuse_on_top(message[found.end() :])
        else:
            self.problems.append(message)

    def _fresh(self, values: Sequence[Mapping[str, object]]) -> list[F]:
        return [self._form(initial=dict(each), prefix=f"row-{place}") for place, each in enumerate(values)]


def _count(data: QueryDict) -> int:
    given = data.get("rows", "")
    return min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _typed(form: RefusableForm) -> dict[str, object]:
    """What stands in the fields of a form, right or wrong."""
    return {name: form[name].value() for name in form.fields}


def _swap(values: list[dict[str, object]], one: int, other: int) -> None:
    if 0 <= other < len(values):
        values[one], values[other] = values[other], values[one]
