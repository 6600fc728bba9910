"""Small pictures of photos, for lists. The only place where a picture is decoded."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

KIND, ENDING = "image/jpeg", ".jpg"
SIDE_PX = 320
LIMIT_PIXELS = 50_000_000
"""A phone's largest photo; what claims to be larger is not opened (200 MB of memory)."""
QUALITY = 70
_FORMATS = ("JPEG", "PNG", "WEBP")
_PAPER = (255, 255, 255)


class NoThumbnail(ValueError):
    """The picture cannot be made small: it is broken, or would unpack beyond bounds."""


def make(content: bytes) -> bytes:
    """Return a JPEG of at most ``SIDE_PX`` a side, upright, with nothing but pixels in it.

    Raises NoThumbnail. The size is read from the head of the file, before anything is unpacked.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > LIMIT_PIXELS:
                raise NoThumbnail(f"{width} × {height} pixels")
            # A JPEG is unpacked at the scale that is enough, which takes a tenth of the time.
            picture.draft("RGB", (SIDE_PX, SIDE_PX))
            return _small(picture)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise NoThumbnail(str(error)) from error


def _small(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE_PX, SIDE_PX))
    drawn = Image.new("RGB", upright.size, _PAPER)
    drawn.paste(upright, mask=upright)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
