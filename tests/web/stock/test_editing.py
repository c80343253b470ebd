"""Managers make and change products on a page; what is refused keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.factories.numbers import gtin13
from tests.helpers.cast import Part
from tests.helpers.photographs import photograph
from tests.helpers.pictures import PNG
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.matching.matches import GTIN, path_of
from webapp.domain.pictures import MAX_PICTURE_BYTES
from webapp.models import Product

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def mug(warehouse: Warehouse) -> Product:
    return warehouse.product("Mug", "MUG", A1=3)


@pytest.fixture(autouse=True)
def pictures(app: Flask, tmp_path: Path) -> Path:
    """The folder of pictures."""
    app.config["PICTURE_FOLDER"] = str(tmp_path / "kept")
    return tmp_path / "kept"


def value(answer: Answer, name: str) -> str:
    return str(answer.root.one("input", id=name)["value"])


def test_a_product_is_made_and_opened(manager: Tablet) -> None:
    form = manager.get("/stock/new").root.one("form", css="product-form__texts")

    made = manager.send(form, htmx=False, name="Enamel mug", sku="MUG-E", gtin="")

    assert made.status == 303
    assert "Enamel mug" in manager.get(made.response.headers["Location"]).words


def test_the_name_of_a_country_is_not_cut_to_the_code_of_another(manager: Tablet) -> None:
    """“Germany” cut after two letters is Georgia."""
    field = manager.get("/stock/new").root.one("input", id="origin_country")

    assert int(str(field["maxlength"])) >= len("United Kingdom")


def test_sent_twice_it_is_made_once(manager: Tablet) -> None:
    form = manager.get("/stock/new").root.one("form", css="product-form__texts")

    first, again = (manager.send(form, htmx=False, name="Bowl", sku="BOWL", gtin="") for _ in range(2))

    assert (first.status, again.status) == (303, 303)
    assert first.response.headers["Location"] == again.response.headers["Location"]


def test_a_refused_product_keeps_what_was_typed_and_says_why(manager: Tablet, mug: Product) -> None:
    form = manager.get("/stock/new").root.one("form", css="product-form__texts")

    taken = manager.send(form, htmx=False, name="Another", sku="mug", gtin="")
    wrong = manager.send(form, htmx=False, name="", sku="X", gtin="4006381333932")

    assert (taken.status, wrong.status) == (409, 422)
    assert "Another product has nearly this SKU: MUG." in taken.words
    assert (value(taken, "name"), value(taken, "sku")) == ("Another", "mug")
    assert "A product's name is 1 to 255 characters." in wrong.words
    assert "This is no GTIN" in wrong.words
    assert value(wrong, "gtin") == "4006381333932"


def test_lines_that_wait_fill_in_the_form_and_are_matched_in_the_same_act(
    manager: Tablet, warehouse: Warehouse
) -> None:
    unknown = warehouse.placeholder()
    order = warehouse.processing((unknown, 2), gtin=GTIN)
    offer = next(link for link in manager.get(path_of(gtin=GTIN)).root.all("a") if link.words == "Make the product")
    page = manager.get(offer["href"])
    assert value(page, "gtin") == GTIN

    done = manager.send(page.root.one("form", css="product-form__texts"), htmx=False, name="Vase", sku="VASE")

    assert done.status == 303
    words = manager.get(done.response.headers["Location"]).words
    assert "1 line of 1 order linked to Vase." in words
    warehouse.db.rollback()
    assert warehouse.item(order).product_id != unknown.id


def test_a_product_is_changed_and_the_later_of_two_sees_what_the_other_set(manager: Tablet, mug: Product) -> None:
    form = manager.get(f"/stock/{mug.id}/details").root.one("form", css="product-form__texts")
    first = manager.send(form, htmx=False, name="Blue mug", idempotency_key="k1")

    late = manager.send(form, htmx=False, name="Red mug", gtin=gtin13(5), idempotency_key="k2")

    assert (first.status, late.status) == (303, 409)
    assert "Somebody has changed this to “Blue mug”." in late.words
    assert (value(late, "name"), value(late, "gtin")) == ("Red mug", gtin13(5))
    again = manager.send(late.root.one("form", css="product-form__texts"), htmx=False)
    assert again.status == 303
    assert "Red mug" in manager.get(f"/stock/{mug.id}").words


def test_a_picture_is_kept_refused_in_words_and_removed(
    manager: Tablet, mug: Product, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/stock/{mug.id}/picture"

    kept = manager.post(path, {"file": (BytesIO(PNG), "a.png")}, htmx=False)
    for module in ("web.products", "services.pictures.fitting"):
        monkeypatch.setattr(f"webapp.{module}.MAX_SENT_BYTES", 300_000)
    large = manager.post(path, {"file": (BytesIO(PNG + b"0" * 300_000), "a.png")}, htmx=False)
    wrong = manager.post(path, {"file": (BytesIO(b"words"), "a.png")}, htmx=False)
    none = manager.post(path, {}, htmx=False)

    assert (kept.status, large.status, wrong.status, none.status) == (303, 422, 422, 422)
    assert "This picture is too large." in large.words
    assert "This is no SVG, PNG, WebP or JPEG picture, or it is damaged." in wrong.words
    assert "Choose a picture first." in none.words
    (file,) = (pictures / str(mug.store_id)).iterdir()
    assert f"/pictures/{file.name}" in manager.get(f"/stock/{mug.id}").response.text
    assert manager.post(f"{path}/removal", htmx=False).status == 303
    assert "/pictures/" not in manager.get(f"/stock/{mug.id}").response.text


def test_a_photograph_of_a_telephone_is_kept_small(manager: Tablet, mug: Product, pictures: Path) -> None:
    photo = photograph(640, 480)
    assert len(photo) > MAX_PICTURE_BYTES

    assert manager.post(f"/stock/{mug.id}/picture", {"file": (BytesIO(photo), "IMG_1.JPG")}, htmx=False).status == 303

    (file,) = (pictures / str(mug.store_id)).iterdir()
    assert file.suffix == ".webp"
    assert file.stat().st_size <= MAX_PICTURE_BYTES
    assert f"/pictures/{file.name}" in manager.get(f"/stock/{mug.id}").response.text


def test_people_who_may_only_look_are_offered_nothing(tablet_of: TabletOf, mug: Product) -> None:
    packer = tablet_of("packer")

    pages = packer.get("/stock").response.text + packer.get(f"/stock/{mug.id}").response.text

    assert "/stock/new" not in pages
    assert f"/stock/{mug.id}/details" not in pages
    assert packer.get(f"/stock/{mug.id}/details").status == 403
