"""What an order's parcel needs: where it goes, how to reach the customer, and what they asked for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final

from webapp.domain.control_characters import drop_controls

MOST_LINES: Final = 3
"""Lines of an address between the company and the city."""

LABEL_LINE: Final = 60
"""Characters that fit on one line of an A6 label in letters that a driver reads."""

NOTE: Final = 1000
"""Characters of a note: what a screen and a packing slip show without a scroll bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelData:
    """An order's parcel data, as ``orders`` stores it; blank where the shop said nothing."""

    ship_to_name: str = ""
    ship_to_company: str = ""
    ship_to_lines: str = ""
    """Street, house number and so on, at most ``MOST_LINES`` lines."""
    ship_to_postcode: str = ""
    ship_to_city: str = ""
    ship_to_region: str = ""
    """Province, state or county."""
    ship_to_country: str = ""
    """ISO 3166, two letters."""
    phone: str = ""
    email: str = ""
    language: str = ""
    """The customer's language, as the shop names it."""
    shipping_method: str = ""
    customer_note: str = ""
    """What the customer wrote."""
    packing_note: str = ""
    """What the shop tells the packer; it must be read before anything ships."""
    gift_text: str = ""

    @property
    def goes_somewhere(self) -> bool:
        """Return whether anything says where the parcel goes, beside a name."""
        return any((self.ship_to_lines, self.ship_to_postcode, self.ship_to_city, self.ship_to_country))


NOTHING_KNOWN: Final = ParcelData()

FIELDS: Final = tuple(field.name for field in fields(ParcelData))

OF_THE_PERSON: Final = ("customer_name", *FIELDS)
"""Columns of ``orders`` that are about the person who ordered: erasing leaves none of them."""

MOST_CHARACTERS: Final = {
    "ship_to_name": LABEL_LINE,
    "ship_to_company": LABEL_LINE,
    "ship_to_lines": MOST_LINES * LABEL_LINE + MOST_LINES - 1,
    "ship_to_postcode": 16,
    "ship_to_city": LABEL_LINE,
    "ship_to_region": LABEL_LINE,
    "phone": 32,
    "email": 254,
    "language": 35,
    "shipping_method": 100,
    "customer_note": NOTE,
    "packing_note": NOTE,
    "gift_text": NOTE,
}
"""Most characters of each field; the country has two or none. The database enforces them."""


def mark_of(note: str) -> str:
    """Return a short mark of a note's text: a form says by it which note the person saw."""
    return sha256(note.encode()).hexdigest()[:16]


def one_line(text: str) -> str:
    """Return ``text`` in one line, without control characters and with single blanks."""
    return " ".join(drop_controls(text).split())


def some_lines(text: str) -> str:
    """Return ``text`` with plain line breaks, without control characters and without blank lines around it."""
    return "\n".join(" ".join(line.split()) for line in drop_controls(text).strip().splitlines())
