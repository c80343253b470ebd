"""Finds orders that a file contradicts itself about: their head stands twice, or lines are missing or doubled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from webapp.domain.wording import say
from webapp.services.imports.columns import Field
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.order_rows import NAMES_PERSON, OF_THE_ORDER, RefusedRow, first_value
from webapp.services.imports.report import LeftOutRow, noted
from webapp.services.imports.spool import Row

HEAD_TWICE: Final = say(
    "the order stands twice in the file, as in pages that overlap or exports put together: leave one of the two out"
)
NOT_ITS_SUBTOTAL: Final = say(
    "the lines do not come to the order's subtotal, so one is missing or too many: export the order again, whole"
)
LINE_TWICE: Final = say("a line stands twice in the order, as in pages that overlap: leave one of its rows out")
ALIKE: Final = say("the row is like another row of its order, and counts as a further line")

_CENTS: Final = Decimal("0.02")
"""What rounding may change a line by."""


def refuse_contradictions(rows: Sequence[Row], table: OrderFormat) -> None:
    """Raise RefusedRow if the rows of one order cannot all be true. Rows are not blank."""
    for name in OF_THE_ORDER:
        if name not in table.may_differ:
            _refuse_two_values(rows, name)
    heads = [row for row in rows if any(row.values.get(name) for name in table.head)]
    difference = _difference(rows)
    if len(heads) > 1 and not (len(heads) == len(rows) and difference == 0):
        raise RefusedRow(heads[1], HEAD_TWICE, f"rows {heads[0].number} and {heads[1].number}")
    if difference:
        lines, subtotal = _sum_of_lines(rows), first_value(rows, Field.SUBTOTAL)
        raise RefusedRow(rows[0], NOT_ITS_SUBTOTAL, f"lines {lines}, subtotal {subtotal}")
    for name in (Field.LINE_ID, Field.LINE_NUMBER):
        seen = set[str]()
        for row in rows:
            value = row.values.get(name, "")
            if value and value in seen:
                raise RefusedRow(row, LINE_TWICE, value)
            seen.add(value)


def _refuse_two_values(rows: Sequence[Row], name: Field) -> None:
    first_row = next((row for row in rows if row.values.get(name)), None)
    if first_row is None:
        return
    first = first_row.values[name]
    for row in rows:
        value = row.values.get(name, "")
        if value not in ("", first):
            raise RefusedRow(
                row,
                say("the %(field)s differs from that of the order's first row", field=name),
                f"{value[:45]}; before: {first[:45]}",
                f"rows {first_row.number} and {row.number}" if name in NAMES_PERSON else None,
            )


def alike_rows(rows: Sequence[Row], number: str) -> Iterator[LeftOutRow]:
    """Yield a remark on each row that is exactly like one before it; it may be right, or pasted twice."""
    seen = defaultdict[tuple[str, ...], list[int]](list)
    for row in rows:
        cells = tuple(row.values.values())
        if seen[cells] and row.values.get(Field.QUANTITY):
            yield noted(row.number, number, ALIKE, f"as row {seen[cells][0]}")
        seen[cells].append(row.number)


def _difference(rows: Sequence[Row]) -> Decimal | None:
    """Return by how much the lines miss the subtotal beyond what discounts explain; None if the file does not say."""
    lines, subtotal = _sum_of_lines(rows), _amount(first_value(rows, Field.SUBTOTAL))
    if lines is None or subtotal is None:
        return None
    discount = _amount(first_value(rows, Field.DISCOUNT) or "0") or Decimal(0)
    discount += sum((_amount(row.values.get(Field.LINE_DISCOUNT) or "0") or Decimal(0) for row in rows), Decimal(0))
    cents = _CENTS * len(rows)
    if subtotal > lines + cents:
        return subtotal - lines
    if subtotal < lines - abs(discount) - cents:
        return lines - abs(discount) - subtotal
    return Decimal(0)


def _sum_of_lines(rows: Sequence[Row]) -> Decimal | None:
    total = Decimal(0)
    for row in rows:
        price, units = _amount(row.values.get(Field.UNIT_PRICE, "")), _amount(row.values.get(Field.QUANTITY, ""))
        if price is None or units is None:
            return None
        total += price * units
    return total


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None
