"""Draws a photograph again, small and upright: a program of its own, from standard input to standard output.

A picture is a stranger's file, and a small one can unpack to gigabytes. So it is opened in a process with limits, which
imports nothing of Packbench. What cameras note beside the pixels (place, time, owner) does not come along.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
MOST_PIXELS = 110_000_000
"""A telephone's camera has up to 108 million."""

FORMATS = ("JPEG", "PNG", "WEBP")
SIZES = ((1000, 80), (1000, 60), (700, 60), (500, 50), (300, 40))
"""The longer side in pixels, and the quality: the first that gives few enough bytes is taken."""

DAMAGED, TOO_MANY_PIXELS = 3, 4
"""How the process ends if it draws nothing."""


def main(source: IO[bytes], target: IO[bytes], most_bytes: int) -> int:
    """Draw the picture as WebP with at most so many bytes; return how the process ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.MAX_IMAGE_PIXELS = None  # Ours is lower, and an answer instead of a warning.
    try:
        with Image.open(source, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return TOO_MANY_PIXELS
            picture = _upright(opened)
    except (OSError, SyntaxError, ValueError):  # What Pillow raises for damaged files.
        return DAMAGED
    for side, quality in SIZES:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        drawn = BytesIO()
        picture.save(drawn, "WEBP", quality=quality)
        if drawn.tell() <= most_bytes:
            break
    target.write(drawn.getvalue())
    return 0


def _upright(opened: Image.Image) -> Image.Image:
    """Return the picture at the largest of our sizes, turned as the camera says, in the colours of screens."""
    largest = SIZES[0][0]
    opened.draft(None, (largest, largest))  # A JPEG is unpacked no larger than needed.
    profile = opened.info.get("icc_profile")
    is_clear = "A" in opened.getbands() or "transparency" in opened.info
    opened.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    turned = ImageOps.exif_transpose(opened)
    picture = turned
    if profile and turned.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError):  # A profile that is not one leaves the colours as they are.
            screen = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(turned, BytesIO(profile), screen, outputMode="RGB") or turned
    plain = picture.convert("RGBA" if is_clear else "RGB")
    plain.info.clear()
    return plain


if __name__ == "__main__":
    sys.exit(main(BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer, int(sys.argv[1])))
