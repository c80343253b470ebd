"""The placeholder product of marketplace lines."""

from typing import Final

PLACEHOLDER_GTIN: Final = "0000000000000"
"""GTIN of the placeholder product: marketplace lines that match no product point to it (docs/contract.md,
"Placeholders")."""

PLACEHOLDER_SKU: Final = "PLACEHOLDER"
PLACEHOLDER_NAME: Final = "Unknown product"
