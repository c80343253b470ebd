"""Lists of stock that no format knows: their columns are guessed, and a place is not needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.services.imports.test_unknown_exports import BOWL, EXPORTS, MUG, TOWEL
from webapp.services.imports.column_mappings import FileKind
from webapp.services.imports.preview import guess
from webapp.services.imports.reading import Source, spool_stock
from webapp.services.imports.report import LeftOutRow
from webapp.services.imports.spool import Spool
from webapp.services.imports.stock_drafts import DraftStock, draft_stock


def stock_of(path: Path) -> list[DraftStock | LeftOutRow]:
    source = Source(path)
    guessed = guess(source, place="Stockroom")
    assert (guessed.kind, guessed.missing) == (FileKind.STOCK, ())
    with Spool(guessed.table.columns) as spool:
        spool_stock(source, guessed.table, spool, lambda what, done, of: None)
        return [draft_stock(row) for group in spool.groups() for row in group.rows]


@pytest.mark.parametrize("name", ["etsy-stock.csv", "ebay-listings.csv", "lagerbestand.csv"])
def test_a_shops_list_of_stock_needs_no_places(name: str) -> None:
    rows = stock_of(EXPORTS / name)

    found = {row.sku: (row.gtin, row.location) for row in rows if isinstance(row, DraftStock)}
    assert found == {
        "MUG-BLUE": (MUG, "Stockroom"),
        "TOWEL-LINEN": (TOWEL, "Stockroom"),
        "BOWL-OAK": (BOWL, "Stockroom"),
    }
    assert [row.quantity for row in rows if isinstance(row, DraftStock) and row.sku == "MUG-BLUE"] == [12]


STOCK: Mapping[str, tuple[str, dict[str, str], tuple[str, str, int]]] = {
    "shopify inventory": (
        ",",
        {
            "Handle": "mug",
            "Title": "Mug",
            "Option1 Name": "Title",
            "SKU": "MUG",
            "HS Code": "",
            "COO": "",
            "Location": "High Street",
            "Bin name": "",
            "Incoming (not editable)": "0",
            "Unavailable (not editable)": "0",
            "Committed (not editable)": "2",
            "Available (not editable)": "10",
            "On hand (current)": "12",
            "On hand (new)": "",
        },
        ("", "High Street", 12),
    ),
    "shopify products": (
        ",",
        {
            "Handle": "mug",
            "Title": "Mug",
            "Body (HTML)": "<p>Blue</p>",
            "Variant SKU": "MUG",
            "Variant Grams": "400",
            "Variant Inventory Qty": "12",
            "Variant Price": "19",
            "Variant Barcode": "4006381333917",
            "Status": "active",
        },
        (MUG, "Stockroom", 12),
    ),
    "woocommerce": (
        ",",
        {
            "ID": "7",
            "Type": "simple",
            "SKU": "MUG",
            "GTIN, UPC, EAN, or ISBN": "4006381333917",
            "Name": "Mug",
            "Published": "1",
            "In stock?": "1",
            "Stock": "12",
            "Position": "0",
        },
        (MUG, "Stockroom", 12),
    ),
    "prestashop": (
        ";",
        {
            "ID": "7",
            "Image": "",
            "Nom": "Tasse",
            "Référence": "MUG",
            "Catégorie": "Art",
            "Prix (HT)": "15",
            "Quantité": "12",
            "EAN-13": "4006381333917",
        },
        (MUG, "Stockroom", 12),
    ),
    "magento": (
        ",",
        {
            "sku": "MUG",
            "store_view_code": "",
            "product_type": "simple",
            "name": "Mug",
            "qty": "12.0000",
            "is_in_stock": "1",
        },
        ("", "Stockroom", 12),
    ),
    "bigcommerce": (
        ",",
        {
            "Item Type": "Product",
            "Product ID": "7",
            "Product Name": "Mug",
            "Product Code/SKU": "MUG",
            "Current Stock Level": "12",
            "Product UPC/EAN": "4006381333917",
        },
        (MUG, "Stockroom", 12),
    ),
    "shopware": (
        ";",
        {
            "id": "0a1b",
            "productNumber": "MUG",
            "stock": "12",
            "name.translations.DEFAULT": "Mug",
            "ean": "4006381333917",
        },
        (MUG, "Stockroom", 12),
    ),
    "amazon": (
        "\t",
        {"item-name": "Mug", "listing-id": "1124", "seller-sku": "MUG", "price": "19", "quantity": "12"},
        ("", "Stockroom", 12),
    ),
    "barcodes only": (
        ";",
        {"EAN": "4006381333917", "Bezeichnung": "Becher", "Bestand": "12"},
        (MUG, "Stockroom", 12),
    ),
}


@pytest.mark.parametrize("shop", STOCK)
def test_one_product_of_a_shop_has_twelve_units(tmp_path: Path, shop: str) -> None:
    delimiter, row, expected = STOCK[shop]
    quoted = [[f'"{text}"' for text in texts] for texts in (row, row.values())]
    path = tmp_path / "export.csv"
    path.write_text("".join(f"{delimiter.join(texts)}\n" for texts in quoted), encoding="utf-8")

    [stock] = stock_of(path)

    assert isinstance(stock, DraftStock)
    assert (stock.gtin, stock.location, stock.quantity) == expected
    assert stock.sku in ("MUG", "4006381333917")
