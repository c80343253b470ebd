"""Which files are pictures, and under which names they are stored."""

from __future__ import annotations

import pytest

from tests.helpers.pictures import JPEG, PNG, SVG, WEBP
from webapp.domain.pictures import KEPT_NAME, MAX_PICTURE_BYTES, NoPicture, kept_name

PICTURES = [("A.svg", SVG), ("a.PNG", PNG), ("a.webp", WEBP), ("a.jpg", JPEG), ("a.JPEG", JPEG)]


@pytest.mark.parametrize(("file_name", "content"), PICTURES)
def test_a_picture_is_kept_under_a_name_of_its_content(file_name: str, content: bytes) -> None:
    name = kept_name(file_name, content)

    assert KEPT_NAME.fullmatch(name)
    assert name == kept_name(f"other-{file_name}", content)
    assert name != kept_name(file_name, content.replace(b"9", b"8") if content is SVG else content + b"more")


@pytest.mark.parametrize("file_name", ["a.gif", "a", "a.svg.exe", "a.svg ", "a.ſvg", "notes.txt", ""])
def test_other_endings_are_no_pictures(file_name: str) -> None:
    with pytest.raises(NoPicture, match="none of"):
        kept_name(file_name, SVG)


@pytest.mark.parametrize(("file_name", "content"), PICTURES)
def test_the_content_must_be_what_the_ending_says(file_name: str, content: bytes) -> None:
    others = [other for _, other in PICTURES if other != content]

    for other in (*others, b"<html></html>", b"<svg></svg>", b"nothing of the kind", SVG[:-3]):
        with pytest.raises(NoPicture, match="content is not"):
            kept_name(file_name, other)


def test_an_empty_file_is_no_picture() -> None:
    with pytest.raises(NoPicture, match="empty"):
        kept_name("a.svg", b"")


def test_a_picture_may_be_as_large_as_the_limit_and_no_larger() -> None:
    for length in (MAX_PICTURE_BYTES - 1, MAX_PICTURE_BYTES):
        assert kept_name("a.png", PNG.ljust(length, b"."))

    with pytest.raises(NoPicture, match="larger than 200 kB"):
        kept_name("a.png", PNG.ljust(MAX_PICTURE_BYTES + 1, b"."))


def test_a_drawing_that_declares_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.replace(b"></svg>", b">&a;</svg>")

    with pytest.raises(NoPicture, match="entities"):
        kept_name("a.svg", bomb)


def test_a_drawing_may_name_its_document_type_as_many_programs_do() -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'

    assert kept_name("a.svg", doctype + SVG)
