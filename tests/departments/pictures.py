"""Pictures for logos, good ones and hostile ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML_IN_PNG = b"\x89PNG\r\n\x1a\n<!DOCTYPE html><script>alert(1)</script>"


def picture(name: str = "PNG", size: tuple[int, int] = (300, 100), mode: str = "RGB", **options: object) -> bytes:
    """A picture of one blue in the format `name`."""
    return saved(Image.new(mode, size, "#2450c8"), name, **options)


def saved(image: Image.Image, name: str = "PNG", **options: object) -> bytes:
    target = BytesIO()
    image.save(target, name, **options)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content))
    found.load()
    return found


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size, with pixels that would unpack to some of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
