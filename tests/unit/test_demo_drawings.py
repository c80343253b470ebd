"""Each product of the demo store has one small, plain drawing."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from webapp.demo.loading import GOODS, PICTURES
from webapp.domain.pictures import kept_name

SHAPES = {b"svg", b"g", b"path", b"rect", b"circle", b"ellipse"}


def test_every_sku_has_its_drawing_and_no_drawing_is_left_over() -> None:
    with GOODS.open(newline="", encoding="utf-8") as file:
        skus = {row["sku"] for row in csv.DictReader(file)}

    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(f"{sku}.svg" for sku in skus)
    assert len(skus) >= 40


@pytest.mark.parametrize("drawing", sorted(PICTURES.iterdir()), ids=lambda path: path.stem)
def test_a_drawing_is_small_and_made_of_shapes_alone(drawing: Path) -> None:
    content = drawing.read_bytes()

    assert kept_name(drawing.name, content)
    assert len(content) <= 1200
    assert set(re.findall(rb"<(\w+)", content)) <= SHAPES
    assert not re.search(rb"\s(?:id|style|class|href|on\w+)=|url\(", content)
    assert b'viewBox="0 0 96 96"' in content
