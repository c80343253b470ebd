"""Reasons that the program itself gives. They are stored in English, and translated when somebody reads them.

Services write only these and the reasons that people give; ``tests/codebase/test_reasons.py`` checks that.
"""

from __future__ import annotations

import re
from enum import Enum, unique
from typing import Final

from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.statuses import OrderStatus
from webapp.domain.wording import BLANK, Wording, say


@unique
class SystemReason(Enum):
    """A reason with blanks. Call it with their values to get the stored text."""

    ALL_RESERVED = say("All units reserved")
    ALL_SHIPPED = say("All units shipped")
    CANCELLED_UPSTREAM = say("Cancelled or refunded in the shop")
    FEWER_UPSTREAM = say("Fewer units in the shop")
    FOUND_ON_SHELF = say("Found on the shelf")
    IMPORTED = say("Import of %(file)s")
    ITEM_CANCELLED = say("Item cancelled")
    ITEM_CANCELLED_IN_PART = say("Item cancelled in part")
    MATCHED = say("Matched to %(sku)s")
    MERGED = say("%(sku)s merged with %(into)s")
    MERGE_UNDONE = say("Merge of %(sku)s with %(into)s undone")
    MATCH_UNDONE = say("Match undone")
    ORDER_CANCELLED = say("Order cancelled")
    ORDER_REFUNDED = say("Order refunded")
    RETURN_CORRECTED = say("Return corrected: %(found)s of %(expected)s came back")
    REST_RESERVED = say("The rest is reserved")
    SHIPMENT_UNDONE = say("Shipment undone")
    SHORT_PICK = say("Short pick: %(found)s of %(expected)s found")
    STARTED_BY_IMPORT = say("Started as it was imported")
    STATUS_SET = say("Status set to %(status)s")
    SHOP_AGREES = say("The shop agrees with what shipped")
    STOCK_ARRIVED = say("Stock arrived and was reserved")

    @property
    def blanks(self) -> tuple[str, ...]:
        """Names of the blanks."""
        return tuple(BLANK.findall(self.value.pattern))

    def __call__(self, **values: str | int) -> str:
        """Return the text to store. Raises TypeError unless ``values`` are exactly the blanks."""
        if values.keys() != set(self.blanks):
            raise TypeError(f"{self.name} takes {self.blanks}, not {tuple(values)}")
        return str(self.value.pattern % values) if values else str(self.value)


def recognise(stored: str) -> Wording | None:
    """Return a stored reason as wording that can be translated; None if a person gave it."""
    if whole := _WHOLE.get(stored):
        return whole
    for matcher, sentence in _MATCHERS:
        if match := matcher.fullmatch(stored):
            values = {name: _value(name, text) for name, text in match.groupdict().items()}
            return Wording(sentence.pattern, "", 1, values)
    return None


def _matcher(sentence: Wording) -> re.Pattern[str]:
    texts = BLANK.split(sentence.pattern)
    pieces = [f"(?P<{text}>.+)" if number % 2 else re.escape(text) for number, text in enumerate(texts)]
    return re.compile("".join(pieces), re.DOTALL)


def _value(blank: str, text: str) -> str:
    """Return a blank's value; a status becomes wording that can be translated."""
    if blank == "status" and text in set(OrderStatus):
        return STATUS_WORDS[OrderStatus(text)].in_sentence
    return text


_FORMER: Final = (say("Shipment taken back"),)
"""No longer given, but stored; trails still show them as they were."""

_WHOLE: Final[dict[str, Wording]] = {
    str(sentence): sentence for sentence in (*(reason.value for reason in SystemReason if not reason.blanks), *_FORMER)
}
_MATCHERS: Final = tuple((_matcher(reason.value), reason.value) for reason in SystemReason if reason.blanks)
