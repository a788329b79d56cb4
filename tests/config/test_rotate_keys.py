"""Everything that is sealed is sealed anew with the newest key, and nothing needs an older one afterwards."""

import ast
import json
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db.models import BinaryField, JSONField, TextField
from pytest_django import Settings

import meeting_manager
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration, disconnect
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.key_files import NEWEST, OLDER
from meeting_manager.people.sealing import UnreadableError, is_current, kept, seal, unseal
from meeting_manager.people.services import resealing
from meeting_manager.people.services.account_mail import owe
from meeting_manager.people.services.resealing import reseal_all
from tests.bookings.asked import ask
from tests.cast import NOW, Cast

OLD, NEW = "the-former-key-of-this-site-long-enough", "the-newest-key-of-this-site-long-enough"
NOT_LASTING = {
    "meeting_manager.calendars.tokens": "the same column as calendars.validators",
    "meeting_manager.calendars.services.consent": "a session for an hour, then the same column",
    "meeting_manager.public.prefill": "a cookie for an hour",
    "meeting_manager.workspace.keeping": "a session for a quarter of an hour",
}
_SEALED = "gAAAA"
"""How everything begins that Fernet has sealed in our time."""


@pytest.fixture
def former(settings: Settings) -> Settings:
    """A site whose key was given by its operator, and is the old one still."""
    settings.SEAL_KEY, settings.SEAL_KEYS_OLD, settings.SEAL_KEY_FOLDER = OLD, (), None
    return settings


@pytest.fixture
def furnished(former: Settings, cast: Cast, make: None) -> Settings:
    """One of everything that is sealed, by the services that seal it; then the key changes."""
    former.SEAL_KEY, former.SEAL_KEYS_OLD = NEW, (OLD,)
    return former


@pytest.fixture
def make(former: Settings, cast: Cast) -> None:
    ask(cast)
    owe(EmailMessage("Hello", "Words", to=["sarah@bestsecurity.example"]), now=NOW)
    TOTP.activate(cast.sarah, "JBSWY3DPEHPK3PXP")
    credentials = {"refresh_token": "very secret"}
    fields = {"integration_type": "Google Calendar", "credentials": credentials}
    for name in ("Work", "Team", "Left"):
        made = create_integration(
            actor=cast.sarah, user=cast.sarah, fields={**fields, "integration_name": name}, now=NOW
        )
    disconnect(actor=cast.sarah, integration=made, now=NOW)
    shared = seal(json.dumps(credentials).encode())
    CalendarIntegration.objects.update(credentials=shared)


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [each for part in value.values() for each in _strings(part)]
    if isinstance(value, list):
        return [each for part in value for each in _strings(part)]
    if isinstance(value, bytes | memoryview):
        return [bytes(value).decode("latin-1")]
    return [str(value)]


def _all_sealed() -> list[str]:
    """Whatever looks sealed in any column of any table that could hold it."""
    found = []
    for model in apps.get_models():
        names = [each.name for each in model._meta.fields if isinstance(each, TextField | BinaryField | JSONField)]
        for row in model._default_manager.values_list(*names) if names else ():
            found += [each for value in row for each in _strings(value) if each.startswith(_SEALED)]
    return found


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate-keys", *arguments, stdout=out)
    return out.getvalue()


def test_nothing_anywhere_needs_the_former_key_afterwards(furnished: Settings) -> None:
    assert len(_all_sealed()) == 7
    assert not any(is_current(each.encode()) for each in _all_sealed())
    told = _run()
    furnished.SEAL_KEYS_OLD = ()
    opened = [unseal(each.encode()) for each in _all_sealed()]
    assert len(opened) == 7
    assert b'{"refresh_token": "very secret"}' in opened
    assert "credentials of calendars: 2 of 2 sealed anew" in told
    assert "second factors: 1 of 1 sealed anew" in told
    assert "SEAL_KEYS_OLD may be removed" in told


def test_calendars_of_one_account_keep_the_same_bytes(furnished: Settings) -> None:
    _run()
    assert len({bytes(row.credentials) for row in CalendarIntegration.objects.all()}) == 1


def test_a_second_run_writes_nothing(furnished: Settings) -> None:
    assert sum(count.resealed for count in reseal_all()) == 7
    before = _all_sealed()
    assert [count.resealed for count in reseal_all()] == [0] * len(kept())
    assert _all_sealed() == before


def test_one_that_was_interrupted_is_taken_up_again(furnished: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(count: resealing.Count) -> None:
        if count.resealed:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(stop)
    current = sum(is_current(each.encode()) for each in _all_sealed())
    assert 0 < current < 7
    _run()
    assert all(is_current(each.encode()) for each in _all_sealed())


def test_more_rows_than_fit_into_a_batch_are_all_sealed_anew(former: Settings, cast: Cast) -> None:
    for number in range(resealing.AT_ONCE + 3):
        CalendarIntegration(
            name=f"MM-CI-{number}",
            user=cast.sarah,
            integration_type="CalDAV",
            integration_name=f"{number}",
            credentials=seal(b"%d" % number),
        ).save()
    former.SEAL_KEY, former.SEAL_KEYS_OLD = NEW, (OLD,)
    told: list[int] = []
    counts = reseal_all(lambda count: told.append(count.seen))
    assert resealing.AT_ONCE in told
    assert max(count.resealed for count in counts) == resealing.AT_ONCE + 3
    former.SEAL_KEYS_OLD = ()
    opened = {unseal(bytes(row.credentials)) for row in CalendarIntegration.objects.all()}
    assert opened == {b"%d" % number for number in range(resealing.AT_ONCE + 3)}


def test_what_was_changed_meanwhile_stays_as_it_was_left(furnished: Settings) -> None:
    """The worker empties a mail, and a token is refreshed, after they were read and before they are written."""
    mail = Delivery.objects.get(kind="account_mail")
    places = {place.what: place for place in kept()}
    old = bytes(CalendarIntegration.objects.all()[0].credentials)
    payload = mail.payload
    Delivery.objects.filter(pk=mail.pk).update(payload={})
    CalendarIntegration.objects.update(credentials=b"newer")
    count = resealing.Count("any")
    resealing._one(places["mails about accounts"], mail.pk, payload, count)
    resealing._one(places["credentials of calendars"], CalendarIntegration.objects.all()[0].pk, old, count)
    assert count.resealed == 0
    assert Delivery.objects.get(pk=mail.pk).payload == {}
    assert {bytes(row.credentials) for row in CalendarIntegration.objects.all()} == {b"newer"}


def test_what_no_key_opens_is_counted_and_left_alone(furnished: Settings) -> None:
    BookingRequest.objects.update(sealed="gAAAAunreadable")
    with pytest.raises(CommandError, match=r"1 cannot be opened with any key.*SEAL_KEYS_OLD"):
        _run()
    assert BookingRequest.objects.get().sealed == "gAAAAunreadable"
    assert sum(is_current(each.encode()) for each in _all_sealed()) == 6


def test_a_site_with_key_files_gets_a_new_one_and_the_old_may_go(
    former: Settings, cast: Cast, make: None, tmp_path: Path
) -> None:
    (tmp_path / NEWEST).write_text(f"{OLD}\n")
    former.SEAL_KEY_FOLDER = tmp_path
    told = _run("--new")
    assert f"{tmp_path / OLDER} may be removed" in told
    (tmp_path / OLDER).unlink()
    former.SEAL_KEY = (tmp_path / NEWEST).read_text().strip()
    assert former.SEAL_KEY != OLD
    assert len([unseal(each.encode()) for each in _all_sealed()]) == 7


def test_a_site_whose_operator_gave_the_key_is_told_what_to_do(furnished: Settings) -> None:
    with pytest.raises(CommandError, match="SEAL_KEYS_OLD"):
        _run("--new")
    assert not any(is_current(each.encode()) for each in _all_sealed())


def test_no_key_opens_what_another_sealed(furnished: Settings) -> None:
    furnished.SEAL_KEYS_OLD = ()
    with pytest.raises(UnreadableError):
        unseal(Authenticator.objects.get().data["secret"].encode())


def test_whoever_seals_says_where_it_lies() -> None:
    """A module that uses `seal` and is unknown here would be forgotten when keys change."""
    root = Path(meeting_manager.__file__).parent
    sealing = {
        ".".join(["meeting_manager", *path.relative_to(root).with_suffix("").parts])
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "meeting_manager.people.sealing"
        if "seal" in {alias.name for alias in node.names}
    }
    sealing.remove("meeting_manager.people.services.resealing")
    assert sealing == {place.by for place in kept()} | NOT_LASTING.keys()
