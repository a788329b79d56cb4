"""The test harness: which database the suite runs on, where it writes, and the running product as a fixture."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

from tests.databases import FRESH_ADDRESS, start_postgresql
from tests.site import Site

if TYPE_CHECKING:
    from meeting_manager.bookings.models import Booking
    from tests.bookings.desk import Book
    from tests.cast import Cast

SQLITE = "sqlite"
POSTGRES = "postgres"
RUN_DIR = "MEETING_MANAGER_TEST_RUN_DIR"
FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OURS = (
    "DATA_DIR",
    "DATABASE_URL",
    "PORT",
    "SITE_URL",
    "SITE_LANGUAGE",
    "SECRET_KEY",
    "LINK_KEY",
    "EMAIL_URL",
    "EMAIL_FROM",
    "REPLY_ADDRESS",
    "EMBED_ORIGINS",
    "SMS_URL",
    "TIME_ZONE",
    "BIND",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=[SQLITE, POSTGRES], default=SQLITE, help="the database the tests run on")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Point the product at a folder of this run; must come before pytest-django reads the settings."""
    for name in OURS:
        os.environ.pop(name, None)
    if RUN_DIR not in os.environ:
        os.environ[RUN_DIR] = tempfile.mkdtemp(prefix="meeting-manager-tests-")
        config.add_cleanup(_forget_run)
        if config.getoption("--database") == POSTGRES:
            os.environ[FRESH_ADDRESS] = start_postgresql(config.add_cleanup)
    own = Path(os.environ[RUN_DIR]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    (own / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
    os.environ["DATA_DIR"] = str(own)
    if config.getoption("--database") == POSTGRES:
        os.environ["DATABASE_URL"] = os.environ[FRESH_ADDRESS]
    os.environ["GUEST_FORM_SECONDS"] = "0"  # tests fill in forms faster than people
    os.environ["DJANGO_SETTINGS_MODULE"] = "meeting_manager.config.settings"
    django.setup()
    # Else pytest-django would read the settings in xdist's workers before this gave each a folder of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def _forget_run() -> None:
    shutil.rmtree(os.environ.pop(RUN_DIR), ignore_errors=True)


ONCE = (
    "tests/adapters/test_caldav",
    "tests/adapters/test_fetching",
    "tests/adapters/test_google",
    "tests/adapters/test_oauth",
    "tests/adapters/test_outlook",
    "tests/calendars/test_corpus",
    "tests/calendars/test_ical",
    "tests/calendars/test_reading_process",
    "tests/config/test_bodies",
    "tests/departments/test_colors",
    "tests/api/test_",
    "tests/notifications/test_",
    "tests/public/test_",
    "tests/web/test_",
    "tests/workspace/test_",
)
"""What another database changes nothing about, so that one run is enough; of pages but those in BOTH."""

BOTH = (
    "tests/api/test_guests",
    "tests/api/test_privacy",
    "tests/api/test_resource",
    "tests/api/test_staff",
    "tests/notifications/test_batches",
    "tests/notifications/test_outages",
    "tests/notifications/test_reminders",
    "tests/public/test_book",
    "tests/public/test_confirm",
    "tests/web/test_idempotency",
    "tests/web/test_limits",
    "tests/web/test_privacy",
    "tests/workspace/test_bookings",
    "tests/workspace/test_bulk",
    "tests/workspace/test_calendar_board",
    "tests/workspace/test_figures",
    "tests/workspace/test_finding",
    "tests/workspace/test_new",
    "tests/workspace/test_races",
    "tests/workspace/test_saved_views",
)
"""Pages with queries or locks of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        path = item.path.as_posix()
        if "/tests/engine/" in path:
            item.add_marker(pytest.mark.engine)
        if any(f"/{part}" in path for part in ONCE) and not any(f"/{part}" in path for part in BOTH):
            item.add_marker(pytest.mark.once)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests without a browser: a loud skip for people, a failure for machines that decide."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        missing = "no Chromium for the browser tests; install it with: sudo apt-get install -y chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


def find_chromium() -> str | None:
    """The path of a Chromium: the one in CHROMIUM, else what the machine has."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture
def chromium() -> str:
    """The path of the Chromium that browser tests drive."""
    found = find_chromium()
    assert found
    return found


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str | None:
    """The address of the PostgreSQL server of this run; none on SQLite."""
    return os.environ[FRESH_ADDRESS] if request.config.getoption("--database") == POSTGRES else None


@pytest.fixture(scope="session")
def migrated_site(tmp_path_factory: pytest.TempPathFactory, server: str | None) -> Iterator[Site]:
    """A site that never serves: migrating takes seconds, and copying its database does not."""
    template = Site(tmp_path_factory.mktemp("template") / "site", server)
    template.run("migrate", "--verbosity=0")
    yield template
    template.close()


@pytest.fixture
def make_site(tmp_path: Path, server: str | None, migrated_site: Site) -> Iterator[Callable[..., Site]]:
    """Makes sites on the database of this run: ``make_site(GUEST_BOOKINGS_PER_HOUR="3")``; they end with the test.

    Their database is migrated and empty; ``make_site(migrated=False)`` has no tables yet.
    """
    made: list[Site] = []

    def make(*, migrated: bool = True, **variables: str) -> Site:
        made.append(Site(tmp_path / f"site{len(made)}", server, variables, migrated_site if migrated else None))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A migrated, empty site that serves."""
    started = make_site()
    started.start()
    return started


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process tests on a database of its own; SQLite's is a real file, so that threads and locks are real."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> Iterator[None]:
    """Argon2id is slow on purpose; tests sign in often."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=FAST_HASHERS):
        yield


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast, in the database of this test."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def book(cast: "Cast") -> "Book":
    """Books a 30-minute call in Support as a guest, on Tuesday at ten if nothing else is said."""
    from tests.bookings.desk import try_to_book

    def as_guest(**changes: object) -> "Booking":
        return try_to_book(cast, **changes).booking

    return as_guest
