"""Makes photographs as small as the pictures that a list loads by the dozen, in a process that may die of it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from webapp.domain.pictures import MAX_PICTURE_BYTES, MAX_SENT_BYTES, NoPicture, PictureTooLarge, format_of
from webapp.domain.wording import say
from webapp.services.pictures.fitting_process import DAMAGED, FORMATS, MOST_PIXELS, TOO_MANY_PIXELS

Image.MAX_IMAGE_PIXELS = None  # Nothing is unpacked here; the process has a limit of its own.

_PROGRAM: Final = Path(__file__).with_name("fitting_process.py")
_SECONDS: Final = 60
_MANY_PIXELS: Final = 3000
"""Of a side, in a file that is small enough to be kept as it is."""

_PLACES: Final = threading.Semaphore(2)
"""For so many processes at once: each may take a gigabyte."""

_NOTES: Final = re.compile(rb"Exif\0|eXIf|EXIF|http://ns\.adobe\.com/xap/|XMP |iTXtXML:com\.adobe\.xmp")
"""How the notes of a camera begin, in each format: they may say where somebody lives."""


def fit(file_name: str, content: bytes) -> tuple[str, bytes]:
    """Return the name and content of the picture to keep: the same, or a smaller one without a camera's notes.

    Raises NoPicture.
    """
    if len(content) > MAX_SENT_BYTES:
        raise PictureTooLarge(say("it is larger than %(most)s MB", most=MAX_SENT_BYTES // 1_000_000))
    expected = format_of(file_name)
    if expected.name == "svg" or not expected.is_content(content):
        return file_name, content
    if len(content) <= MAX_PICTURE_BYTES and not _NOTES.search(content) and not _has_many_pixels(content):
        return file_name, content
    return f"{file_name.rpartition('.')[0]}.webp", _draw_again(content)


def _has_many_pixels(content: bytes) -> bool:
    """Return whether the picture says that it is far larger than a screen: it may be a flood for each that opens it."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:  # This reads no pixel.
            return max(opened.size) > _MANY_PIXELS
    except (OSError, SyntaxError, ValueError):
        return False


def _draw_again(content: bytes) -> bytes:
    command = [sys.executable, "-I", str(_PROGRAM), str(MAX_PICTURE_BYTES)]
    with _PLACES:
        try:
            done = subprocess.run(  # noqa: S603  Ours, no shell.
                command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise PictureTooLarge(say("it takes too long to make it smaller")) from None
    if done.returncode == DAMAGED:
        raise NoPicture(say("it is damaged"))
    if done.returncode == TOO_MANY_PIXELS:
        raise PictureTooLarge(say("it has more than %(most)s million pixels", most=MOST_PIXELS // 1_000_000))
    if done.returncode:
        raise PictureTooLarge(say("it takes too much memory to make it smaller"))
    return done.stdout
