"""What becomes of a department's accent colour: tones that people can read, in light and dark, after WCAG 2.2.

Pure: standard library only. Colours are `#rrggbb`; contrasts are ratios from 1 to 21, lightness goes from 0 to 1.
"""

import colorsys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

READABLE = 4.5
"""The contrast that text needs at least (WCAG 2.2, 1.4.3)."""

WHITE, BLACK = "#ffffff", "#000000"
LIGHT_SURFACES = (WHITE, "#edf1fb")
DARK_SURFACES = ("#191f2a", "#222c40")
"""Cards, and the surface on which text can be read worst; those of site.css are no worse, which a test compares."""

_SHADES = 512
_SOFT_SHARE = 0.08
_DARK_AIM = 7.0
"""Against a dark card; as little as READABLE would look dull there."""

_STRONG_SHARE = 0.75
_STRONG_DARK_AIM = 9.5


@dataclass(frozen=True, slots=True)
class Tones:
    """An accent in one scheme: itself, stronger (under the pointer), what is written on either, a soft background."""

    accent: str
    strong: str
    on_accent: str
    soft: str


def contrast(one: str, other: str) -> float:
    """How well one colour can be told from another, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(surface: str, color: str, at_least: float = READABLE) -> str:
    """`color` where its contrast with `surface` is `at_least` that much, else the nearest tone of its hue that reaches
    it, or comes nearest: a darker one on a light surface, a lighter one on a dark surface.
    """
    tone = color
    for tone in (color, *_shades(color, lighter=_luminance(surface) < _luminance("#808080"))):
        if contrast(tone, surface) >= at_least:
            break
    return tone


@lru_cache(maxsize=256)
def light_tones(color: str) -> Tones:
    """The tones of an accent on light pages: the colour itself, or a little darker where text on pages needs it."""
    soft = _mixed(color, WHITE)
    accent = _readable_on_all((*LIGHT_SURFACES, soft), color)
    hue, lightness, saturation = _hls(accent)
    strong = _hex(hue, lightness * _STRONG_SHARE, saturation)
    return Tones(accent, strong, _ink(accent, strong), soft)


@lru_cache(maxsize=256)
def dark_tones(color: str) -> Tones:
    """The tones of an accent on dark pages: of the same hue, but light."""
    card = DARK_SURFACES[0]
    aimed = readable_on(card, color, _DARK_AIM)
    soft = _mixed(aimed, card)
    accent = _readable_on_all((*DARK_SURFACES, soft), aimed)
    strong = readable_on(card, accent, _STRONG_DARK_AIM)
    return Tones(accent, strong, _ink(accent, strong), soft)


def _readable_on_all(surfaces: Sequence[str], color: str) -> str:
    for surface in surfaces:
        color = readable_on(surface, color)
    return color


def _ink(*grounds: str) -> str:
    """Black or white, whichever can be read better where it can be read worst."""
    return max((WHITE, BLACK), key=lambda ink: min(contrast(ink, ground) for ground in grounds))


def _shades(color: str, *, lighter: bool) -> Iterator[str]:
    """Ever lighter or darker tones of the same hue, down to black or up to white."""
    hue, lightness, saturation = _hls(color)
    end = 1.0 if lighter else 0.0
    for step in range(1, _SHADES + 1):
        yield _hex(hue, lightness + (end - lightness) * step / _SHADES, saturation)


def _mixed(color: str, ground: str) -> str:
    pairs = zip(_channels(color), _channels(ground), strict=True)
    return _written(_SOFT_SHARE * one + (1 - _SOFT_SHARE) * other for one, other in pairs)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _hls(color: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_channels(color))


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return _written(colorsys.hls_to_rgb(hue, lightness, saturation))


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(channels: "Iterator[float] | tuple[float, ...]") -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
