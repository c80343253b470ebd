"""Pictures as cameras and attackers make them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

_ORIENTATION, _PLACE = 0x0112, 0x8825
_ON_ITS_SIDE = 6


def photograph(width: int = 1600, height: int = 1200) -> bytes:
    """Return a JPEG of noise, taken with the camera on its side, that says where it was taken."""
    notes = Image.Exif()
    notes[_ORIENTATION] = _ON_ITS_SIDE
    notes[_PLACE] = {1: "N", 2: (49.0, 36.0, 0.0)}
    return _saved(Image.effect_noise((width, height), 90).convert("RGB"), "JPEG", exif=notes, quality=95)


def blank(width: int, height: int) -> bytes:
    """Return a PNG of one colour: few bytes, and as many pixels as wanted."""
    return _saved(Image.new("1", (width, height)), "PNG")


def _saved(picture: Image.Image, name: str, **how: object) -> bytes:
    file = BytesIO()
    picture.save(file, name, **how)
    return file.getvalue()
