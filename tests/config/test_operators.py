"""The commands of operators, run as they run them."""

import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.databases import name_of, with_database
from tests.site import Site

PASSWORD = "corr3ct horse battery"
ADMIN = "admin@bestsecurity.example"


@pytest.fixture(scope="module")
def staffed_site(migrated_site: Site, server: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `kept` is copied from."""
    template = Site(tmp_path_factory.mktemp("staffed") / "site", server, template=migrated_site)
    template.run("createadmin", ADMIN, text=PASSWORD + "\n")
    yield template
    template.close()


@pytest.fixture
def kept(tmp_path: Path, server: str | None, staffed_site: Site) -> Iterator[Site]:
    """A site with one account, not serving."""
    copy = Site(tmp_path / "kept", server, template=staffed_site)
    yield copy
    copy.close()


@pytest.mark.once
def test_the_front_lists_every_command(make_site: Callable[..., Site]) -> None:
    listed = make_site().run().stdout
    for command in ("serve", "worker", "migrate", "createadmin", "doctor", "backup", "restore", "settings", "token"):
        assert re.search(rf"^  {command} +\S", listed, re.MULTILINE)


def test_an_administrator_can_be_made_once(kept: Site) -> None:
    assert kept.run("token", ADMIN).stdout.strip()
    again = kept.run("createadmin", ADMIN, text=PASSWORD + "\n", check=False)
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_a_weak_password_is_refused(kept: Site) -> None:
    refused = kept.run("createadmin", "lead@bestsecurity.example", text="password\n", check=False)
    assert refused.returncode == 1
    assert "too common" in refused.stderr


def test_a_sound_site_passes_the_doctor(kept: Site) -> None:
    report = kept.run("doctor").stdout
    assert "wrong" not in report
    assert "All migrations are applied." in report
    assert "btree_gist is installed" in report or "journal mode wal" in report


def test_the_doctor_names_what_is_wrong_and_its_remedy(make_site: Callable[..., Site]) -> None:
    site = make_site(migrated=False, SITE_URL="https://meet.example.com")
    examined = site.run("doctor", check=False)
    assert examined.returncode == 1
    finding = r"^wrong \d+ migrations are not applied.*\n +-> Run `meeting-manager migrate`"
    assert re.search(finding, examined.stdout, re.MULTILINE)
    assert "-> Set TRUSTED_PROXIES" in examined.stdout


def test_the_doctor_shows_no_secrets(kept: Site) -> None:
    kept.variables["SECRET_KEY"] = "k" * 64
    report = kept.run("doctor").stdout
    assert "SECRET_KEY" in report
    assert "kkkk" not in report


def test_a_backup_restores_into_another_site(kept: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    archive = tmp_path / "site.tar.gz"
    kept.run("backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0
    other = make_site(migrated=False)
    other.run("restore", str(archive))
    assert other.run("token", ADMIN).stdout.strip()
    for secret in ("secret-key", "link-key"):
        assert (other.data_dir / "secrets" / secret).read_text() == (kept.data_dir / "secrets" / secret).read_text()


def test_restoring_over_a_site_in_use_has_to_be_forced(kept: Site, tmp_path: Path) -> None:
    archive = tmp_path / "site.tar.gz"
    kept.run("backup", str(archive))
    kept.run("createadmin", "late@bestsecurity.example", text=PASSWORD + "\n")
    refused = kept.run("restore", str(archive), check=False)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    kept.run("restore", "--force", str(archive))
    assert kept.run("token", "late@bestsecurity.example", check=False).returncode == 1
    assert kept.run("token", ADMIN).stdout.strip()


def test_a_changed_backup_is_refused(kept: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    archive, changed, folder = tmp_path / "site.tar.gz", tmp_path / "changed.tar.gz", tmp_path / "unpacked"
    kept.run("backup", str(archive))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (folder / "secrets" / "link-key").write_text("forged\n")
    with tarfile.open(changed, "w:gz") as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            tar.add(path, arcname=str(path.relative_to(folder)))
    refused = make_site().run("restore", str(changed), check=False)
    assert refused.returncode == 1
    assert "is damaged: secrets/link-key" in refused.stderr


def test_half_a_backup_is_refused(kept: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    archive = tmp_path / "site.tar.gz"
    kept.run("backup", str(archive))
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    refused = make_site().run("restore", str(archive), check=False)
    assert refused.returncode == 1
    assert "is not a whole backup" in refused.stderr


def test_a_backup_of_a_busy_site_is_whole(kept: Site, make_site: Callable[..., Site], tmp_path: Path) -> None:
    def add_accounts() -> None:
        for number in range(4):
            kept.run("createadmin", f"user{number}@bestsecurity.example", text=PASSWORD + "\n")

    adding = threading.Thread(target=add_accounts)
    adding.start()
    kept.run("backup", str(tmp_path / "site.tar.gz"))
    adding.join(60)
    other = make_site()
    other.run("restore", str(tmp_path / "site.tar.gz"))
    assert "wrong" not in other.run("doctor").stdout


@pytest.mark.parametrize("address", ["postgres://nobody@127.0.0.1:1/none"])
def test_commands_say_when_the_database_is_away(make_site: Callable[..., Site], address: str) -> None:
    site = make_site(DATABASE_URL=address)
    refused = site.run("migrate", check=False)
    assert refused.returncode == 1
    assert "the database refused: " in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.once
def test_every_setting_is_documented(make_site: Callable[..., Site]) -> None:
    make_site().run("settings", "--check", str(Path(__file__).parents[2] / "docs" / "operations.md"))


def test_a_site_survives_the_absence_of_its_database(site: Site) -> None:
    import httpx

    if site.database_url.startswith("sqlite"):
        pytest.skip("a file does not go away")
    name = name_of(site.database_url)
    with psycopg.connect(with_database(site.database_url, "postgres"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        assert httpx.get(f"{site.url}/healthz").status_code == 200
        away = httpx.get(f"{site.url}/readyz", timeout=10)
        assert (away.status_code, away.json()["reasons"]) == (503, ["The database cannot be reached."])
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    site.wait_until_ready(10)
