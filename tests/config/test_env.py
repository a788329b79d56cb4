"""Settings from the environment: what is read, what is refused and in which words."""

from pathlib import Path

import pytest

from meeting_manager.config.database_url import read_database_url
from meeting_manager.config.email_url import read_email_url
from meeting_manager.config.env import BadSettingError, Environment, path_in

pytestmark = pytest.mark.engine


def test_an_empty_value_counts_as_none() -> None:
    assert Environment({"LIMIT": " "}).integer("LIMIT", 7, "", low=0, high=9) == 7


@pytest.mark.parametrize("given", ["-1", "10", "1e1", "nine", "9" * 400])
def test_a_number_out_of_bounds_is_refused_with_the_bounds(given: str) -> None:
    with pytest.raises(BadSettingError, match="it must be a whole number from 0 to 9"):
        Environment({"LIMIT": given}).integer("LIMIT", 7, "", low=0, high=9)


@pytest.mark.parametrize(("given", "meant"), [("yes", True), ("ON", True), ("0", False), ("False", False)])
def test_flags_are_read_in_many_words(given: str, meant: bool) -> None:
    assert Environment({"FLAG": given}).flag("FLAG", not meant, "") is meant


def test_a_choice_is_told_all_words() -> None:
    with pytest.raises(BadSettingError, match='The setting FORM is "xml", which is not right; it must be one of a, b'):
        Environment({"FORM": "xml"}).choice("FORM", "a", "", among=("a", "b"))


def test_the_value_of_a_private_setting_is_not_repeated() -> None:
    with pytest.raises(BadSettingError) as refusal:
        Environment({"KEY": "hunter2"}).read("KEY", int, 0, "a number", "", private=True)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("slip", ["DATABSE_URL", "DATABASE_URI", "database_url", "DATABASEURL"])
def test_a_misspelt_setting_is_refused_with_the_right_name(slip: str) -> None:
    environment = Environment({slip: "x"})
    environment.text("DATABASE_URL", "", "")
    with pytest.raises(BadSettingError, match=f"sets {slip}, .* did you mean DATABASE_URL"):
        environment.refuse_slips()


@pytest.mark.parametrize("foreign", ["PATH", "PORTS", "HOME", "DATABASE", "PGDATABASE", "LANG"])
def test_variables_of_others_are_left_alone(foreign: str) -> None:
    environment = Environment({foreign: "x"})
    for name in ("DATABASE_URL", "PORT", "DATA_DIR"):
        environment.text(name, "", "")
    environment.refuse_slips()


def test_relative_paths_start_at_the_base() -> None:
    assert path_in(Path("/srv"))("data") == Path("/srv/data")
    assert path_in(Path("/srv"))("/data") == Path("/data")


def test_sqlite_addresses_are_relative_after_three_slashes_and_absolute_after_four() -> None:
    assert read_database_url("sqlite:///a/b.db", Path("/srv"))["NAME"] == "/srv/a/b.db"
    assert read_database_url("sqlite:////a/b.db", Path("/srv"))["NAME"] == "/a/b.db"


def test_postgresql_addresses_carry_passwords_with_signs_and_sockets() -> None:
    read = read_database_url("postgres://ann:p%40ss%2F@db.example:6543/meet?sslmode=require", Path("/"))
    assert (read["HOST"], read["PORT"], read["USER"], read["PASSWORD"]) == ("db.example", "6543", "ann", "p@ss/")
    assert read["OPTIONS"]["sslmode"] == "require"
    assert read_database_url("postgresql://ann@/meet?host=/run/pg", Path("/"))["HOST"] == "/run/pg"


@pytest.mark.parametrize(
    "address", ["mysql://x/y", "postgres://host", "sqlite://file", "sqlite:///", "nonsense", "postgres://h:x/y"]
)
def test_other_databases_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        read_database_url(address, Path("/"))


def test_mail_addresses_say_how_to_encrypt() -> None:
    plain = read_email_url("smtp://mail.example")
    assert (plain["EMAIL_PORT"], plain["EMAIL_USE_TLS"], plain["EMAIL_USE_SSL"]) == (25, False, False)
    started = read_email_url("smtp://u:p%3A@mail.example:587?tls=starttls")
    assert (started["EMAIL_PORT"], started["EMAIL_USE_TLS"], started["EMAIL_HOST_PASSWORD"]) == (587, True, "p:")
    assert read_email_url("smtps://mail.example")["EMAIL_USE_SSL"] is True


@pytest.mark.parametrize("address", ["mail.example", "smtp:", "smtp://h?tls=maybe", "smtp://h?retry=1", "file:"])
def test_other_mail_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        read_email_url(address)
