"""Logos as they come from people: checked, made small, and written anew, so that nothing of the upload is served."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

LARGEST = 2 * 1024 * 1024
"""Bytes of an upload."""

MOST_PIXELS = 12_000_000
"""A picture of a few bytes can claim any size; as pixels it would need four bytes for each."""

BOX = (480, 160)
"""What a logo is made to fit, in pixels: twice what pages show, for fine screens."""

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_FIELD = "logo"
_KINDS = "Please choose a PNG, JPEG or WebP picture."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours: sizes in pixels, `digest` as in its address."""

    content_type: str
    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What names this very content."""
        return digest_of(self.content)


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_picture(content: bytes, content_type: str) -> Picture:
    """The picture in `content`, scaled to fit BOX, without metadata; of moving pictures the first.

    `content_type` is what the sender calls it. Raises ValidationError on `logo`.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in FORMATS:
        raise _refusal(f"Logo cannot be of the type '{kind}'. {_KINDS}")
    if not content:
        raise _refusal(f"Logo is required. {_KINDS}")
    if len(content) > LARGEST:
        raise _refusal("Logo must be at most 2 MB large. Please choose a smaller picture.")
    return _written(_decoded(content, FORMATS[kind]), kind)


def _decoded(content: bytes, name: str) -> Image.Image:
    """The pixels, upright, in RGB or RGBA, and nothing else that came along."""
    try:
        with Image.open(BytesIO(content), formats=(name,)) as found:
            _require_size(found.size)
            upright = ImageOps.exif_transpose(found)
            mode = "RGBA" if upright.has_transparency_data and name != "JPEG" else "RGB"
            pixels = upright.convert(mode)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # on hostile bytes decoders raise whatever they like
        raise _refusal(f"Logo is no {name} picture, or a damaged one. {_KINDS}") from error
    return Image.frombytes(mode, pixels.size, pixels.tobytes())


def _require_size(size: Sequence[int]) -> None:
    """Judged by the header alone, before anything is unpacked."""
    if size[0] * size[1] > MOST_PIXELS:
        raise _too_large()


def _written(pixels: Image.Image, kind: str) -> Picture:
    pixels.thumbnail(BOX, Image.Resampling.LANCZOS)
    target = BytesIO()
    pixels.save(target, FORMATS[kind], optimize=True, quality=90)
    return Picture(kind, target.getvalue(), *pixels.size)


def _too_large() -> ValidationError:
    return _refusal(f"Logo has too many pixels: {MOST_PIXELS // 1_000_000} million are the most. Please scale it down.")


def _refusal(message: str) -> ValidationError:
    return ValidationError({_FIELD: message})
