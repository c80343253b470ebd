"""Photographs are kept small, upright and without what the camera notes; floods of pixels are refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.helpers.photographs import blank, photograph
from tests.helpers.pictures import PNG, SVG
from webapp.domain.pictures import MAX_PICTURE_BYTES, MAX_SENT_BYTES, NoPicture, kept_name
from webapp.services.pictures.fitting import fit


def test_a_photograph_becomes_small_and_upright_and_says_nothing_of_its_place() -> None:
    sent = photograph()
    assert len(sent) > MAX_PICTURE_BYTES

    name, content = fit("MUG.jpg", sent)

    assert name == "MUG.webp"
    assert kept_name(name, content)
    with Image.open(BytesIO(content)) as kept:
        assert 4 * kept.width == 3 * kept.height
        assert kept.height <= 1000
        assert not kept.getexif()
        assert "exif" not in kept.info
    assert fit("MUG.jpg", sent) == (name, content)


def test_a_small_picture_stays_as_it_is_unless_a_camera_notes_something() -> None:
    with_notes, without = photograph(90, 60), blank(90, 60)

    assert fit("MUG.png", without) == ("MUG.png", without)
    assert fit("MUG.svg", SVG) == ("MUG.svg", SVG)
    name, content = fit("MUG.jpg", with_notes)
    assert name == "MUG.webp"
    assert b"Exif" not in content


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", blank(30_000, 30_000), "110 million pixels"),
        ("a.png", PNG.ljust(MAX_PICTURE_BYTES + 1, b"."), "damaged"),
        ("a.jpg", photograph()[:300_000].ljust(MAX_SENT_BYTES + 1), "larger than 15 MB"),
        ("a.jpg", photograph()[:250_000], "damaged"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(NoPicture, match=reason):
        fit(name, content)


def test_many_pixels_in_few_bytes_are_made_few() -> None:
    name, content = fit("a.png", blank(3001, 200))

    with Image.open(BytesIO(content)) as kept:
        assert (name, kept.width) == ("a.webp", 1000)
