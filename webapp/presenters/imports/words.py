"""Words for what a file holds, how far its import is, and what is counted."""

from __future__ import annotations

from typing import Final

from webapp.domain.import_jobs import ImportKind, JobState
from webapp.domain.wording import Wording, say, say_number
from webapp.languages import translate

FORMAT_WORDS: Final[dict[str, Wording]] = {
    "native": say("Orders, with Packbench's own columns"),
    "shopify": say("Orders, exported from Shopify"),
    "woocommerce": say("Orders, exported from WooCommerce"),
    "online-retail": say("Orders, like the data set Online Retail"),
    "stock": say("Products and stock"),
    "pictures": say("Pictures of products"),
}
"""What a person may say that a file holds, by the format's name."""

KIND_WORDS: Final[dict[ImportKind, Wording]] = {
    ImportKind.ORDERS: say("Orders"),
    ImportKind.STOCK: say("Products and stock"),
    ImportKind.PICTURES: say("Pictures"),
}

STATE_WORDS: Final[dict[JobState, Wording]] = {
    JobState.UPLOADED: say("not checked"),
    JobState.CHECKING: say("being checked"),
    JobState.CHECKED: say("checked, not imported"),
    JobState.RUNNING: say("running"),
    JobState.STOPPED: say("stopped"),
    JobState.FINISHED: say("imported"),
    JobState.FAILED: say("failed"),
}
STATE_KINDS: Final[dict[JobState, str]] = {
    JobState.UPLOADED: "info",
    JobState.CHECKING: "info",
    JobState.CHECKED: "warning",
    JobState.RUNNING: "info",
    JobState.STOPPED: "warning",
    JobState.FINISHED: "success",
    JobState.FAILED: "danger",
}

FIGURES: Final[dict[ImportKind, tuple[tuple[str, Wording], ...]]] = {
    ImportKind.ORDERS: (
        ("new_orders", say_number("new order", "new orders", 0)),
        ("changed_orders", say_number("changed order", "changed orders", 0)),
        ("known_orders", say_number("unchanged order", "unchanged orders", 0)),
        ("rejected_orders", say_number("refused order", "refused orders", 0)),
    ),
    ImportKind.STOCK: (
        ("units", say_number("unit added", "units added", 0)),
        ("new_products", say_number("new product", "new products", 0)),
        ("filled_units", say_number("unit for waiting orders", "units for waiting orders", 0)),
        ("rows_before", say_number("row had before", "rows had before", 0)),
    ),
    ImportKind.PICTURES: (
        ("new_pictures", say_number("new picture", "new pictures", 0)),
        ("known_pictures", say_number("unchanged picture", "unchanged pictures", 0)),
    ),
}
"""What is shown large, by the name of its count, to be said of that many; a count that the import does not have is left
out."""

PROGRESS_WORDS: Final[dict[str, Wording]] = {
    "rows read": say("Reading rows"),
    "orders done": say("Orders"),
    "rows written": say("Rows"),
    "files unpacked": say("Unpacking files"),
    "pictures": say("Pictures"),
}

OUTCOME_WORDS: Final[dict[str, Wording]] = {
    "rejected": say("refused"),
    "skipped": say("left out"),
    "imported": say("taken, with a remark"),
}
OUTCOME_KINDS: Final[dict[str, str]] = {"rejected": "danger", "skipped": "info", "imported": "warning"}

COLUMN_WORDS: Final[dict[str, Wording]] = {
    "order number": say("Order"),
    "order date": say("Ordered"),
    "ship-by date": say("Ship by"),
    "customer name": say("Customer"),
    "channel": say("Channel"),
    "SKU": say("SKU"),
    "GTIN": say("GTIN"),
    "product name": say("Product"),
    "quantity": say("Units"),
    "warehouse": say("Warehouse"),
    "location": say("Place"),
    "weight in grams": say("Weight in grams"),
    "HS code": say("HS code"),
    "country of origin": say("Country of origin"),
    "shop's id of the order": say("Shop's id of the order"),
    "shop's id of the line": say("Shop's id of the line"),
    "date of the last change": say("Last changed"),
    "cancellation date": say("Cancelled on"),
    "payment status": say("Payment"),
    "fulfillment status of the order": say("Fulfillment of the order"),
    "fulfillment status of the line": say("Fulfillment of the line"),
    "ship-to name": say("Ship to"),
    "ship-to company": say("Company"),
    "first address line": say("Address, line 1"),
    "second address line": say("Address, line 2"),
    "third address line": say("Address, line 3"),
    "postcode": say("Postcode"),
    "city": say("City"),
    "region": say("Region"),
    "country": say("Country"),
    "phone number": say("Phone"),
    "e-mail address": say("E-mail"),
    "language": say("Language"),
    "shipping method": say("Shipping method"),
    "customer's note": say("Customer's note"),
    "packing note": say("Packing note"),
    "gift text": say("Gift text"),
    "unit price": say("Price of a unit"),
    "currency": say("Currency"),
}
"""Fields by their names in the code, for the preview and for choosing."""


def field_words(name: str) -> str:
    """Return what a person calls a field; one that only formats have shows its name in the code."""
    return translate(COLUMN_WORDS[name]) if name in COLUMN_WORDS else name


def fault_words(text: str) -> str:
    """Return why something is left out, or a file cannot be read, in the reader's language. What was stored before
    there were translations stays English."""
    return translate(_with_fields(text))


def _with_fields(text: str) -> str:
    if not isinstance(text, Wording):
        return text
    values = {
        name: _with_fields(COLUMN_WORDS.get(value, value)) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return Wording(text.pattern, text.plural, text.number, values)


DATE_ORDERS: Final[dict[str, Wording]] = {
    "": say("As the file's dates show"),
    "day first": say("Day first: 31/12/2026"),
    "month first": say("Month first: 12/31/2026"),
}
DECIMAL_SIGNS: Final[dict[str, Wording]] = {
    "": say("Units are whole numbers"),
    ",": say("2,00 means 2"),
    ".": say("2.00 means 2"),
}
DELIMITER_WORDS: Final[dict[str, Wording]] = {
    "": say("What is recognised"),
    ",": say("Comma"),
    ";": say("Semicolon"),
    "\t": say("Tab"),
    "|": say("Vertical bar"),
}
