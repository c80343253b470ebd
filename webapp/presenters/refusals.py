"""Why what a person asked for did not happen, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webapp.domain.errors import IdempotencyKeyReused, InvalidQuantity, PackbenchError
from webapp.domain.wording import say
from webapp.languages import translate

_ALREADY_COUNTED: Final = say("What you sent before was counted already. Check the numbers, then send what is left.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what a person asked for did not happen, in their language, and what was typed."""

    message: str
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """Messages by field; ``message`` is empty where these say it all."""
    shortage: Mapping[str, Any] = field(default_factory=dict)
    """Numbers of a refusal for want of stock: ``available``, ``options``."""
    of_found: bool = False
    """It concerns the "Found on the shelf" form, not the quantity to ship."""

    @classmethod
    def from_error(cls, error: PackbenchError, typed: Mapping[str, str], *, of_found: bool = False) -> Refusal:
        """Take a service's refusal: what it says of a quantity stands by that field, the rest by the item."""
        if isinstance(error, InvalidQuantity):
            return cls("", typed, {"quantity": translate(error.message)}, of_found=of_found)
        message = translate(_ALREADY_COUNTED if isinstance(error, IdempotencyKeyReused) else error.message)
        shortage = error.data if "options" in error.data else {}
        return cls(message, typed, shortage=shortage, of_found=of_found)
