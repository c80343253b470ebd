"""An order's parcel data, as people read it: the address by lines, how to reach the customer, and the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from webapp.domain.parcel_data import ParcelData
from webapp.languages import _, country, name_of_language
from webapp.presenters.pieces import Fact

_CODES: Final = "AE AU BD CA GB HK ID IE IN JP KE KR MY NG NZ PH PK SA SG TH TW UA US VN ZA"
_CITY_FIRST: Final = frozenset(_CODES.split())
"""Countries that write the postcode after the city."""


@dataclass(frozen=True, slots=True)
class ParcelDataCard:
    lines: tuple[str, ...]
    """The address, the receiver's name first; empty if the shop named no address."""
    method: str
    """The shipping method that the customer chose."""
    contact: tuple[Fact, ...]
    """How to reach the customer; nothing on the pick screen, which needs none of it."""
    notes: tuple[Fact, ...]
    """What the customer wrote, and the text of a gift."""


def present_parcel_data(data: ParcelData, *, with_contact: bool) -> ParcelDataCard | None:
    """Build the card; None for an order that says nothing but a packing note, which has a panel of its own."""
    contact = (
        Fact(_("Phone"), data.phone),
        Fact(_("E-mail"), data.email),
        Fact(_("Customer's language"), name_of_language(data.language)),
    )
    notes = (Fact(_("Customer's note"), data.customer_note), Fact(_("Gift text"), data.gift_text))
    card = ParcelDataCard(
        lines=tuple(filter(None, _lines(data))),
        method=data.shipping_method,
        contact=tuple(fact for fact in contact if fact.value and with_contact),
        notes=tuple(fact for fact in notes if fact.value),
    )
    return card if card.lines or card.method or card.contact or card.notes else None


def _lines(data: ParcelData) -> Iterator[str]:
    yield data.ship_to_name
    yield data.ship_to_company
    yield from data.ship_to_lines.splitlines()
    if data.ship_to_country in _CITY_FIRST:
        yield _joined(data.ship_to_city, data.ship_to_region, data.ship_to_postcode)
    else:
        yield _joined(data.ship_to_postcode, data.ship_to_city)
        yield data.ship_to_region
    yield country(data.ship_to_country)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
