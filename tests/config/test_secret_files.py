"""Secrets made at the first start."""

import subprocess
import sys
from pathlib import Path

import pytest

from meeting_manager.config.secret_files import kept_secret

pytestmark = pytest.mark.engine

PROCESSES = 8


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secrets", "key")
    assert len(first) >= 64
    assert kept_secret(tmp_path / "secrets", "key") == first
    assert kept_secret(tmp_path / "secrets", "other") != first


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path / "secrets", "key")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    code = "import sys, pathlib; from meeting_manager.config.secret_files import kept_secret as k; "
    code += "print(k(pathlib.Path(sys.argv[1]), 'key'))"
    command = [sys.executable, "-c", code, str(tmp_path / "secrets")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    secrets = {process.communicate(timeout=60)[0] for process in started}
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    with pytest.raises(OSError, match="restore it from a backup"):
        kept_secret(tmp_path, "key")
