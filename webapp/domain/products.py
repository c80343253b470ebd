"""What is special about products from a marketplace."""

from typing import Final

PLACEHOLDER_GTIN: Final = "0000000000000"
"""GTIN of the product that stands for every marketplace line that matched none (docs/contract.md, "Placeholders")."""

PLACEHOLDER_SKU: Final = "PLACEHOLDER"
PLACEHOLDER_NAME: Final = "Unknown product"
