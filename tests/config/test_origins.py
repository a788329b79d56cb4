"""EMBED_ORIGINS: origins as browsers write them, and nothing that would mean more in a header."""

import pytest

from meeting_manager.config.env import BadSettingError, Environment
from meeting_manager.config.origins import EXPECTS, read_origin

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("HTTPS://WWW.Example.com/", "https://www.example.com"),
        ("https://www.example.com:443", "https://www.example.com"),
        ("http://intranet:80", "http://intranet"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(given: str, read: str) -> None:
    assert read_origin(given) == read


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "www.example.com",
        "https://*.example.com",
        "https://",
        "https:www.example.com",
        "https://www.example.com/shop",
        "https://www.example.com?x",
        "https://www.example.com#x",
        "https://ann@www.example.com",
        "https://www.example.com:99999",
        "https://www.example.com:x",
        "https://münchen.example",
        "https://a.example;script-src",
        "https://a.example b.example",
        "https://a.example'",
        "data:text/html,x",
        "file:///tmp",
        "null",
        "'self'",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(BadSettingError):
        Environment({"ORIGIN": given}).read("ORIGIN", read_origin, "", EXPECTS, "")


def test_one_bad_origin_among_good_ones_stops_the_start() -> None:
    environment = Environment({"EMBED_ORIGINS": "https://a.example, https://*.b.example"})
    with pytest.raises(BadSettingError, match="it must be origins separated by commas"):
        environment.words("EMBED_ORIGINS", (), "", parse_one=read_origin, expects=EXPECTS)
