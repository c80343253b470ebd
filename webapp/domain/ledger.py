"""The ledger's transaction types, and the signs that each may have."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final


class TransactionType(StrEnum):
    """Why stock moved. The values are stored and appear in the JSON API."""

    RESERVE = "reserve"
    FULFILL = "fulfill"
    RELEASE = "release"
    ADJUST = "adjust"
    SET = "set"
    IMPORT = "import"
    RETURN = "return"


Signs = Callable[[Any, Any], tuple[Any, ...]]

SIGNS: Final[dict[TransactionType, Signs]] = {
    TransactionType.RESERVE: lambda on_hand, reserved: (on_hand == 0, reserved > 0),
    TransactionType.RELEASE: lambda on_hand, reserved: (on_hand == 0, reserved < 0),
    TransactionType.FULFILL: lambda on_hand, reserved: (on_hand < 0, reserved == on_hand),
    TransactionType.ADJUST: lambda on_hand, reserved: (on_hand != 0, reserved == 0),
    TransactionType.SET: lambda on_hand, reserved: (reserved == 0,),
    TransactionType.IMPORT: lambda on_hand, reserved: (on_hand > 0, reserved == 0),
    TransactionType.RETURN: lambda on_hand, reserved: (on_hand > 0, reserved == 0),
}
"""Which changes (on hand, reserved) each type allows; a reversal has the opposite signs.

The conditions use operators only, so they work on Python numbers and on SQL columns. Source: docs/contract.md,
"Ledger".
"""
