"""Fixtures of the ledger's tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ledger.post import Postman


@pytest.fixture
def postman() -> "Iterator[Postman]":
    """Carries out deliveries of kind `post`."""
    from tests.ledger.post import Postman

    made = Postman()
    undo = made.serve()
    yield made
    undo()
