"""Keys kept in files: no key that opens something is ever lost, whenever somebody pulls the plug."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from meeting_manager.people.key_files import NEWEST, OLDER, add_key, kept_keys
from meeting_manager.people.sealing import UnreadableError, is_current, seal, unseal

pytestmark = pytest.mark.engine

FIRST = "the-first-key-of-this-site-long-enough"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    (tmp_path / NEWEST).write_text(f"{FIRST}\n")
    settings.SEAL_KEY, settings.SEAL_KEYS_OLD, settings.SEAL_KEY_FOLDER = FIRST, (), tmp_path
    return tmp_path


def test_a_new_key_seals_and_the_one_there_was_still_opens_without_a_start(folder: Path) -> None:
    before = seal(b"before")
    add_key(folder)
    newest, older = kept_keys(folder)
    assert newest not in (FIRST, "")
    assert older == (FIRST,)
    after = seal(b"after")
    assert (is_current(before), is_current(after)) == (False, True)
    assert (unseal(before), unseal(after)) == (b"before", b"after")


def test_a_process_that_started_later_opens_both(folder: Path, settings: Settings) -> None:
    before = seal(b"before")
    add_key(folder)
    after = seal(b"after")
    settings.SEAL_KEY = kept_keys(folder)[0]
    assert (unseal(before), unseal(after)) == (b"before", b"after")
    (folder / OLDER).unlink()
    assert unseal(after) == b"after"
    with pytest.raises(UnreadableError):
        unseal(before)


def test_the_keys_of_three_changes_all_open(folder: Path) -> None:
    sealed = [seal(b"0")]
    for number in range(1, 4):
        add_key(folder)
        sealed.append(seal(b"%d" % number))
    assert [unseal(each) for each in sealed] == [b"0", b"1", b"2", b"3"]


def test_a_key_given_by_the_operator_is_not_mixed_with_files(folder: Path, settings: Settings) -> None:
    add_key(folder)
    after = seal(b"after")
    settings.SEAL_KEY_FOLDER = None
    with pytest.raises(UnreadableError):
        unseal(after)
    settings.SEAL_KEYS_OLD = (kept_keys(folder)[0],)
    assert unseal(after) == b"after"
    assert not is_current(after)


def test_only_their_owner_can_read_them_and_nothing_is_left_lying_about(folder: Path) -> None:
    add_key(folder)
    assert [(folder / name).stat().st_mode & 0o777 for name in (NEWEST, OLDER)] == [0o600, 0o600]
    assert {path.name for path in folder.iterdir()} == {NEWEST, OLDER, ".seal-keys.lock"}


KILLED = """
import os, sys, pathlib
from meeting_manager.people import key_files
calls = 0
def watch(event, args):
    global calls
    if event in ("open", "os.rename", "os.replace") and "seal-key" in str(args[0]):
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), 9)
sys.addaudithook(watch)
key_files.add_key(pathlib.Path(sys.argv[1]))
print("made")
"""


def test_whoever_is_killed_at_any_step_leaves_every_key_that_seals_something(folder: Path) -> None:
    """The process is killed at its first touch of a file, at the second, and so on until it lives to its end."""
    sealed = seal(b"before")
    for step in range(1, 30):
        done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step)], capture_output=True, text=True)
        assert unseal(sealed) == b"before", f"lost at step {step}"
        sealed_then = seal(b"then")
        assert unseal(sealed_then) == b"then"
        if done.stdout:
            break
        assert done.returncode == -9, done.stderr
    else:
        pytest.fail("it never came to its end")
    assert step > 4


def test_many_who_make_a_key_at_once_lose_none(folder: Path) -> None:
    before = seal(b"before")
    code = (
        "import sys, pathlib; from meeting_manager.people.key_files import add_key; add_key(pathlib.Path(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(folder)], env=os.environ) for _ in range(4)]
    assert [process.wait(timeout=60) for process in started] == [0] * 4
    newest, older = kept_keys(folder)
    assert len({newest, *older}) == 5
    assert unseal(before) == b"before"
