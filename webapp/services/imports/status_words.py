"""What shops call the state of an order, in English, German and French, for files that no format knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from webapp.services.imports.columns import Field
from webapp.services.imports.dates import MONTHS
from webapp.services.imports.order_format import CANCELLED, REFUNDED, Words, rule

_MONTH: Final = f"({'|'.join([*MONTHS, 'déc', 'décembre', 'fév', 'févr', 'février', 'août', 'märz'])})"
A_DAY_OF_SHIPPING: Final = (
    re.compile(
        rf"\A\W*(\d+[./-]\d+[./-]\d+|{_MONTH}[. -]+\d|\d+[. -]+{_MONTH}[. -]+\d).*\Z", re.DOTALL | re.IGNORECASE
    ),
    "fulfilled",
)
"""A column "shipped on" says by any day in it that the order has left."""

CLOSED: Final = (
    rule(Field.ORDER_FULFILLMENT, "cancelled", CANCELLED, whole_order=True),
    rule(Field.ORDER_FULFILLMENT, "refunded", REFUNDED, whole_order=True),
)
"""The same column may say that the shop sends nothing any more."""

_FULFILLMENT: Final = """
fulfilled: shipped, dispatched, sent, delivered, complete, completed, done, closed, picked up
fulfilled: versendet, versandt, verschickt, geliefert, zugestellt, abgeschlossen, erledigt, fertiggestellt
fulfilled: expédié, expédiée, expediée, envoyé, envoyée, livré, livrée, terminé, terminée
cancelled: canceled, cancelled, void, voided, declined, storniert, abgebrochen, annulé, annulée
refunded: returned, rückerstattet, erstattet, retourniert, remboursé, remboursée, retournée
on_hold: on-hold, on hold, held, awaiting payment, pending payment, payment pending, unpaid, payment review
on_hold: in wartestellung, wartend
on_hold: zahlung ausstehend, ausstehende zahlung, wartet auf zahlung, nicht bezahlt, unbezahlt, zurückgestellt
on_hold: en attente de paiement, paiement en attente, non payée
"""
_PAYMENT: Final = """
unpaid: not paid, awaiting payment, pending payment, offen, unbezahlt, nicht bezahlt, ausstehend, zahlung ausstehend
unpaid: non payé, non payée, en attente, en attente de paiement, impayé, impayée
refunded: erstattet, rückerstattet, remboursé, remboursée
"""
"""The meanings behind which shops' words stand."""


def _meanings(text: str) -> dict[str, str]:
    lines = [line.partition(": ") for line in text.strip().splitlines()]
    return {word: meaning for meaning, _, words in lines for word in words.split(", ")}


STATUS_WORDS: Final[Mapping[Field, Words]] = {
    Field.ORDER_FULFILLMENT: Words(_meanings(_FULFILLMENT)),
    Field.PAYMENT_STATUS: Words(_meanings(_PAYMENT)),
}
