"""Accent colours: what is taken can be read, in light and dark, and what is refused is told what would do."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from meeting_manager import web
from meeting_manager.departments import colors
from meeting_manager.departments.validators import DEPARTMENT

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SITE_CSS = (Path(web.__file__).parent / "static/web/site.css").read_text(encoding="utf-8")


def read(value: object) -> str:
    color: str = DEPARTMENT["accent_color"](value)
    return color


def refusal(value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        read(value)
    (message,) = refused.value.messages
    return str(message)


def accepted(color: str) -> str:
    """The colour, or where it is too light the one that is suggested instead."""
    return colors.readable_on(colors.WHITE, color)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#abc123", "#abc123", 1),
    ],
)
def test_contrasts_are_those_of_wcag(one: str, other: str, ratio: float) -> None:
    assert colors.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colors.contrast(other, one) == colors.contrast(one, other)


@pytest.mark.parametrize("value", ["", None])
def test_without_an_accent_a_department_has_the_sites(value: object) -> None:
    assert read(value) == ""


def test_a_dark_enough_colour_is_taken_in_small_letters() -> None:
    assert read(" #7D6800 ") == "#7d6800"


def test_a_light_colour_is_refused_with_its_contrast_and_the_nearest_that_would_do() -> None:
    assert refusal("#ffd400") == (
        "Accent Color '#ffd400' is too light to read on white (1.4 : 1, at least 4.5 : 1 is needed). "
        "Please choose a darker one, such as #8c7500."
    )


def test_a_contrast_just_below_is_not_rounded_up_to_enough() -> None:
    assert "(4.4 : 1, at least 4.5 : 1 is needed)" in refusal("#777777")


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "#123456;}", 5, ["#000000"]])
def test_what_is_no_colour_is_refused_as_such(value: object) -> None:
    assert refusal(value) == "Accent Color must be a colour such as '#2563eb'."


@given(COLORS)
def test_every_colour_is_taken_or_gets_a_suggestion_that_is(color: str) -> None:
    if colors.contrast(color, colors.WHITE) >= 4.5:
        assert read(color) == color
    else:
        (suggestion,) = re.findall(r"such as (#[0-9a-f]{6})\.$", refusal(color))
        assert read(suggestion) == suggestion


@given(COLORS)
def test_a_suggestion_is_the_lightest_that_would_do_nearly(color: str) -> None:
    if colors.contrast(color, colors.WHITE) < 4.5:
        assert colors.contrast(accepted(color), colors.WHITE) < 4.7


def token(name: str, css: str) -> str:
    """The first value of a colour token, in its long form."""
    found = re.search(rf"--{name}: #([0-9a-f]+);", css)
    assert found
    value = found[1]
    return "#" + (value if len(value) == 6 else "".join(digit * 2 for digit in value))


LIGHT, DARK = SITE_CSS.split("prefers-color-scheme: dark", 1)
SURFACES = ("surface", "surface-back", "surface-soft")


def schemes(color: str) -> list[tuple[colors.Tones, str]]:
    """The tones of an accepted colour in each scheme, with that part of site.css."""
    return [(colors.light_tones(accepted(color)), LIGHT), (colors.dark_tones(accepted(color)), DARK)]


@given(COLORS)
def test_text_in_the_accent_can_be_read_on_everything_pages_are_made_of(color: str) -> None:
    for tones, css in schemes(color):
        for surface in (tones.soft, *(token(name, css) for name in SURFACES)):
            assert colors.contrast(tones.accent, surface) >= 4.5
            assert colors.contrast(tones.strong, surface) >= 4.5


@given(COLORS)
def test_what_is_written_on_the_accent_can_be_read(color: str) -> None:
    for tones, _ in schemes(color):
        assert colors.contrast(tones.on_accent, tones.accent) >= 4.5
        assert colors.contrast(tones.on_accent, tones.strong) >= 4.5


@given(COLORS)
def test_the_sites_own_texts_can_be_read_on_the_soft_background(color: str) -> None:
    for tones, css in schemes(color):
        for name in ("text", "text-soft"):
            assert colors.contrast(token(name, css), tones.soft) >= 4.5


def test_a_dark_colour_stays_itself_on_light_pages_and_turns_light_on_dark_ones() -> None:
    assert colors.light_tones("#0f766e").accent == "#0f766e"
    assert colors.contrast(colors.dark_tones("#0f766e").accent, "#191f2a") >= 7
