"""The workspace's tests. What needs Django is imported late: it is not set up yet when this file is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Path]:
    """The folder into which this site writes its mails."""
    from django.test import override_settings

    from meeting_manager.config.email_url import to_files

    folder = tmp_path / "outbox"
    with override_settings(**to_files(folder)):
        yield folder
