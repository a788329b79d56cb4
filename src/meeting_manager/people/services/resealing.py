"""Sealing anew, with the key that seals now, whatever older keys have sealed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from meeting_manager.people.sealing import Kept, UnreadableError, is_current, kept, seal, unseal

AT_ONCE = 200


@dataclass(slots=True)
class Count:
    """How it went in one place."""

    what: str
    resealed: int = 0
    unreadable: int = 0
    seen: int = 0


def reseal_all(tell: Callable[[Count], object] = lambda _: None) -> list[Count]:
    """Seal everything anew that an older key has sealed; `tell` is called after each batch.

    It may end anywhere and be begun again: what was done is left alone. What somebody else changes meanwhile stays as
    they leave it. Effects: writes rows, each in a transaction of its own.
    """
    return [_reseal(place, tell) for place in kept()]


def _reseal(place: Kept, tell: Callable[[Count], object]) -> Count:
    count = Count(place.what)
    for batch in _batches(place):
        for pk, value in batch:
            count.seen += 1
            _one(place, pk, value, count)
        tell(count)
    return count


def _batches(place: Kept) -> Iterator[list[tuple[int, Any]]]:
    after = 0
    rows = _model(place)._default_manager.filter(**place.where).order_by("pk")
    while batch := list(rows.filter(pk__gt=after).values_list("pk", place.column)[:AT_ONCE]):
        yield batch
        after = batch[-1][0]


def _one(place: Kept, pk: int, value: Any, count: Count) -> None:  # noqa: ANN401 - bytes, text or an object
    try:
        new = _anew(place, value)
    except UnreadableError:
        count.unreadable += 1
        return
    if new is not None:
        count.resealed += _replace(place, pk, value, new)


def _anew(place: Kept, value: Any) -> Any:  # noqa: ANN401 - as above
    """The value sealed by the first key; None where it is so already. Raises UnreadableError."""
    if not place.names:
        return _sealed(value)
    changes = {name: new for name in place.names if (new := _sealed(value.get(name))) is not None}
    return {**value, **changes} if changes else None


def _sealed(value: Any) -> Any:  # noqa: ANN401 - as above
    old = value.encode() if isinstance(value, str) else bytes(value or b"")
    if not old or is_current(old):
        return None
    new = seal(unseal(old))
    return new.decode() if isinstance(value, str) else new


def _replace(place: Kept, pk: int, old: Any, new: Any) -> int:  # noqa: ANN401 - as above
    """Write the new in the place of the old, where that still stands; returns in how many rows."""
    rows = _model(place)._default_manager.all()
    if not place.names:
        # What has the same bytes belongs together, and stays the same.
        return rows.filter(**{place.column: old}).update(**{place.column: new})
    with transaction.atomic():
        row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None or getattr(row, place.column) != old:
            return 0
        return rows.filter(pk=pk).update(**{place.column: new})


def _model(place: Kept) -> type[Model]:
    return apps.get_model(place.model)
