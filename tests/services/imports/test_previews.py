"""A file is known by its headers, and its first rows are shown as an import would read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

import pytest

from tests.services.imports.importing import NATIVE, RETAIL, STOCK, native, stock, table
from tests.services.imports.test_shopify import COLUMNS
from webapp.domain.errors import DamagedFile
from webapp.services.imports.column_mappings import FileKind
from webapp.services.imports.columns import Field
from webapp.services.imports.formats import NATIVE as NATIVE_FORMAT
from webapp.services.imports.formats import ORDER_FORMATS
from webapp.services.imports.formats import STOCK as STOCK_FORMAT
from webapp.services.imports.preview import Confidence, Guess, guess, preview
from webapp.services.imports.reading import Source


def given(folder: Path, content: str) -> Source:
    path = folder / "given.csv"
    path.write_text(content, encoding="utf-8")
    return Source(path)


def guess_of(folder: Path, header: Sequence[str], kind: FileKind | None = None) -> Guess:
    return guess(given(folder, ";".join(header) + "\n"), kind)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (NATIVE, "native"),
        (STOCK, "stock"),
        (("SKU", "Location", "Quantity"), "stock"),
        (COLUMNS.split(","), "shopify"),
        (RETAIL, "online-retail"),
    ],
)
def test_a_known_format_is_known_by_its_headers(tmp_path: Path, header: Sequence[str], name: str) -> None:
    guessed = guess_of(tmp_path, header)

    assert (guessed.format_name, guessed.confidence, guessed.missing) == (name, Confidence.CERTAIN, ())
    assert guessed.table.name == name


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            ("Bestellnummer", "Bestelldatum", "Vorname", "Nachname", "Artikelnr.", "Bezeichnung", "Menge", "Preis"),
            {
                Field.ORDER_NUMBER: ("Bestellnummer",),
                Field.ORDERED_AT: ("Bestelldatum",),
                Field.CUSTOMER_NAME: ("Vorname", "Nachname"),
                Field.SKU: ("Artikelnr.",),
                Field.PRODUCT_NAME: ("Bezeichnung",),
                Field.QUANTITY: ("Menge",),
                Field.UNIT_PRICE: ("Preis",),
            },
        ),
        (
            ("N° commande", "Date de commande", "Nom du client", "Référence article", "Libellé", "Qté", "Code postal"),
            {
                Field.ORDER_NUMBER: ("N° commande",),
                Field.ORDERED_AT: ("Date de commande",),
                Field.CUSTOMER_NAME: ("Nom du client",),
                Field.SKU: ("Référence article",),
                Field.PRODUCT_NAME: ("Libellé",),
                Field.QUANTITY: ("Qté",),
                Field.SHIP_TO_POSTCODE: ("Code postal",),
            },
        ),
        (
            ("Paid at", "Order Date", "Order #", "Item", "Qty", "E-Mail"),
            {
                Field.ORDER_NUMBER: ("Order #",),
                Field.ORDERED_AT: ("Order Date",),
                Field.PRODUCT_NAME: ("Item",),
                Field.QUANTITY: ("Qty",),
                Field.EMAIL: ("E-Mail",),
            },
        ),
    ],
)
def test_unknown_headers_are_guessed_by_the_words_of_the_trade(
    tmp_path: Path, header: Sequence[str], columns: dict[Field, tuple[str, ...]]
) -> None:
    guessed = guess_of(tmp_path, header)

    assert guessed.kind is FileKind.ORDERS
    assert guessed.mapping.columns == columns
    assert (guessed.confidence, guessed.missing) == (Confidence.LIKELY, ())
    assert set(guessed.unmatched) <= {"Paid at"}


def test_what_an_import_needs_and_nobody_can_find_is_named(tmp_path: Path) -> None:
    guessed = guess_of(tmp_path, ["Order no", "Foo", "SKU"], FileKind.ORDERS)

    assert (guessed.confidence, guessed.missing) == (Confidence.UNSURE, (Field.ORDERED_AT, Field.QUANTITY))
    assert guessed.unmatched == ("Foo",)


def test_a_list_of_places_is_stock(tmp_path: Path) -> None:
    guessed = guess_of(tmp_path, ["Artikelnummer", "Bezeichnung", "Lagerplatz", "Bestand"])

    assert (guessed.kind, guessed.confidence) == (FileKind.STOCK, Confidence.LIKELY)


def test_an_empty_file_has_no_guess(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="The file is empty"):
        guess(given(tmp_path, ""))


def test_the_first_rows_are_shown_as_an_import_reads_them(tmp_path: Path) -> None:
    source = given(tmp_path, native({}, {"order_number": "2", "quantity": "6.0"}) + ",,,,,,,,\n" + "3,\n" * 3)

    shown = preview(source, NATIVE_FORMAT, UTC, most_rows=4)

    assert [(row.number, row.outcome.value) for row in shown.rows] == [
        (2, "imported"),
        (3, "rejected"),
        (4, "skipped"),
        (5, "rejected"),
    ]
    assert shown.rows[0].values[Field.SKU] == "A-1"
    assert shown.rows[1].value == "6.0"


def test_a_further_row_of_an_order_shows_the_customer_of_its_first(tmp_path: Path) -> None:
    columns = ["Name", "Email", "Created at", "Shipping Name", "Lineitem name", "Lineitem quantity", "Lineitem sku"]
    rows = [["#1", "ada@example.org", "2026-01-05 10:00:00 +0000", "Ada", "Mug", "1", "MUG"]]
    rows += [["#1", "ada@example.org", "", "", "Bowl", "2", "BOWL"]]
    content = table(columns, (dict(zip(columns, row, strict=True)) for row in rows))

    seen = preview(given(tmp_path, content), ORDER_FORMATS["shopify"], UTC)

    assert [row.values[Field.CUSTOMER_NAME] for row in seen.rows] == ["Ada", "Ada"]


def test_the_first_rows_of_stock_are_shown_too(tmp_path: Path) -> None:
    shown = preview(given(tmp_path, stock({}, {"location": ""})), STOCK_FORMAT, UTC)

    assert [(row.outcome.value, row.reason) for row in shown.rows] == [
        ("imported", ""),
        ("rejected", "the location is blank"),
    ]


def test_a_mapping_reads_what_it_maps(tmp_path: Path) -> None:
    rows = [{"Bestellung": "77", "Datum": "03.04.2026", "Vorname": "Ada", "Nachname": "Weber", "Stück": "2,0"}]
    source = given(tmp_path, table(["Bestellung", "Datum", "Vorname", "Nachname", "Artikel", "Stück"], rows))
    guessed = guess(source)

    shown = preview(source, guessed.table, UTC)

    assert shown.rows[0].values[Field.CUSTOMER_NAME] == "Ada Weber"
    assert shown.rows[0].outcome.value == "rejected"
