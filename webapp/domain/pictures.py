"""Product pictures: which files are accepted, and the names under which a store keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from xml.parsers import expat

from webapp.domain.wording import say

MAX_SENT_BYTES: Final = 15_000_000
"""Of a picture as somebody sends it: what a telephone's camera makes. It is kept smaller."""

MAX_PICTURE_BYTES: Final = 200_000
"""Small, because a list loads dozens of pictures over a warehouse's Wi-Fi."""

KEPT_NAME: Final = re.compile(r"[0-9a-f]{16}\.(?:svg|png|webp|jpg)", re.ASCII)
"""Names of stored pictures: a hash of the content, and the format. No other name is ever opened on disk."""

_SVG_ROOT: Final = "http://www.w3.org/2000/svg svg"


class NoPicture(ValueError):
    """The file cannot be a product's picture; the message says why."""


class PictureTooLarge(NoPicture):
    """It would be one, with fewer bytes or pixels."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A picture format: ``name`` (also the file's extension), media type, and the check of its content."""

    name: str
    media_type: str
    is_content: Callable[[bytes], bool]


def _is_svg(content: bytes) -> bool:
    """Return whether this is SVG: well-formed XML with an SVG root. Entities are refused, since they can expand
    endlessly."""
    roots: list[str] = []

    def begin(element: str, _attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(element)

    def refuse(*_: object) -> None:
        raise NoPicture(say("it declares entities, which a drawing does not need"))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, NoPicture):
            raise
        return False
    return roots == [_SVG_ROOT]


_FORMATS: Final = (
    PictureFormat("svg", "image/svg+xml", _is_svg),
    PictureFormat("png", "image/png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    PictureFormat("webp", "image/webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    PictureFormat("jpg", "image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
)
_BY_ENDING: Final = {one.name: one for one in _FORMATS} | {"jpeg": _FORMATS[-1]}


def format_of(file_name: str) -> PictureFormat:
    """Return the format of the file name's extension, in any case. Raises NoPicture."""
    try:
        return _BY_ENDING[file_name.rpartition(".")[2].lower()]
    except KeyError:
        raise NoPicture(say("it is none of svg, png, webp, jpg")) from None


def kept_name(file_name: str, content: bytes) -> str:
    """Return the name to store the content under; equal content has an equal name. Raises NoPicture."""
    expected = format_of(file_name)
    if not content:
        raise NoPicture(say("it is empty"))
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureTooLarge(say("it is larger than %(most)s kB", most=MAX_PICTURE_BYTES // 1000))
    if not expected.is_content(content):
        raise NoPicture(say("its content is not %(type)s", type=expected.name))
    return f"{sha256(content).hexdigest()[:16]}.{expected.name}"
