"""The ledger's vocabulary: transaction types and the signs each may carry."""

from __future__ import annotations

from enum import StrEnum


class TransactionType(StrEnum):
    """Why stock moved. The values are stored and appear in the JSON API."""

    RESERVE = "reserve"
    FULFILL = "fulfill"
    RELEASE = "release"
    ADJUST = "adjust"
    SET = "set"
    IMPORT = "import"
    RETURN = "return"


def signs_are_legal(kind: TransactionType, quantity_change: int, reserved_change: int, *, reversal: bool) -> bool:
    """Tell whether (on hand, reserved) may change so for this type. Source: DESIGN section 5.

    reserve (0, +n), release (0, -n), fulfill (-n, -n), adjust (±n, 0), set (new - old, 0), import and return
    (+n, 0); a reversal has the opposite signs.
    """
    if reversal:
        quantity_change, reserved_change = -quantity_change, -reserved_change
    match kind:
        case TransactionType.RESERVE:
            return quantity_change == 0 and reserved_change > 0
        case TransactionType.RELEASE:
            return quantity_change == 0 and reserved_change < 0
        case TransactionType.FULFILL:
            return quantity_change < 0 and reserved_change == quantity_change
        case TransactionType.ADJUST:
            return quantity_change != 0 and reserved_change == 0
        case TransactionType.SET:
            return reserved_change == 0
        case TransactionType.IMPORT | TransactionType.RETURN:
            return quantity_change > 0 and reserved_change == 0
