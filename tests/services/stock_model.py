"""docs/contract.md, "Stock actions", once more in plain Python: the expected stock and orders.

It shares no code with the services; the state machine compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tests.services.stock_records import Item, Line, Order, Place, Return

OPEN = ("pending", "processing", "partially_shipped")
WAITING = ("processing", "partially_shipped")
CLOSED = ("cancelled", "refunded")
MOST = 2**31 - 1
NEXT = {
    "pending": {"processing", "shipped", "cancelled"},
    "processing": {"shipped", "cancelled"},
    "partially_shipped": {"shipped", "cancelled"},
    "shipped": {"delivered", "refunded"},
    "delivered": {"refunded"},
    "cancelled": {"refunded"},
    "refunded": set[str](),
}


class Refused(Exception):
    """The rules forbid it; the argument is the HTTP status of the refusal."""


class Model:
    """One store. Orders are in the order of their age; places are numbered as they were made."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.orders: list[Order] = []

    # Stock.

    def place(self, product: str, location: str) -> int:
        """Return the number of a place, creating it if needed."""
        for number, place in enumerate(self.places):
            if (place.product, place.location) == (product, location):
                return number
        self.places.append(Place(product, location))
        return len(self.places) - 1

    def change_stock(self, product: str, location: str, units: int, arriving: int) -> None:
        """Add units (below 0: remove them); at most ``arriving`` of them go to waiting orders."""
        here = next((p for p in self.places if (p.product, p.location) == (product, location)), None)
        on_hand = here.on_hand if here else 0
        if on_hand + units < 0:
            raise Refused(409)
        if on_hand + units > MOST:
            raise Refused(422)
        number = self.place(product, location)
        freed = self.freed(number) if units > 0 else 0
        lost = self.lose(number, on_hand + units)
        self.places[number].on_hand += units
        self.serve(lost)
        self.fill({product: arriving + freed}, also=[item.order for item in lost])

    def set_stock(self, product: str, location: str, counted: int) -> None:
        place = self.places[self.place(product, location)]
        place.short = False
        place.counts += 1
        self.change_stock(product, location, counted - place.on_hand, arriving=max(counted - place.reserved, 0))

    def freed(self, number: int) -> int:
        """Let a place be reserved from again; return the units that this frees."""
        place, before = self.places[number], self.places[number].free
        place.short = False
        return place.free - before

    def lose(self, number: int, left: int) -> dict[Item, int]:
        """Release what is not there, youngest orders first; return what each item that held units loses."""
        held = [item for order in self.orders for item in order.items if item.allocations[number]]
        surplus, lost = self.places[number].reserved - left, {}
        for item in reversed(held) if surplus > 0 else ():
            lost[item] = min(surplus, item.allocations[number])
            item.allocations[number] -= lost[item]
            self.places[number].reserved -= lost[item]
            surplus -= lost[item]
        return lost

    def serve(self, lost: dict[Item, int]) -> None:
        """Reserve elsewhere what items lost, oldest orders first."""
        for item in reversed(lost):
            self.reserve(item, lost[item])

    def free(self, product: str | None) -> int:
        return sum(place.free for place in self.places if place.product == product)

    def reserve(self, item: Item, units: int) -> int:
        """One place that covers it all, the fullest first, then by name; else split. Return the units reserved."""
        numbers = [
            number for number, place in enumerate(self.places) if place.product == item.product and place.free > 0
        ]
        got = 0
        for number in sorted(numbers, key=lambda n: (-self.places[n].free, self.places[n].location)):
            here = min(units - got, self.places[number].free)
            self.places[number].reserved += here
            item.allocations[number] += here
            got += here
        return got

    def release(self, item: Item, units: int) -> None:
        for number in sorted(item.allocations):
            here = min(units, item.allocations[number])
            item.allocations[number] -= here
            self.places[number].reserved -= here
            units -= here

    def fill(self, arriving: dict[str, int], apart_from: Order | None = None, also: Sequence[Order] = ()) -> None:
        """Serve the orders that wait for what arrives, oldest first, as many as the arriving units may serve.

        ``apart_from`` is left out; ``also`` are served in their turn in any case.
        """
        left, served = dict(arriving), set(also)
        for order in self.orders:
            wants = [item for item in order.items if item.lacking > 0 and left.get(item.product or "", 0) > 0]
            if wants and order is not apart_from and order.status in WAITING:
                served.add(order)
                for item in wants:
                    left[item.product or ""] -= item.lacking
        for order in self.orders:
            if order in served and order.status in WAITING:
                for item in order.items:
                    if item.product in arriving:
                        self.reserve(item, item.lacking)

    # Orders.

    def set_status(self, order: Order, status: str) -> None:
        if status == order.status:
            return
        if status not in NEXT[order.status]:
            raise Refused(409)
        if status == "cancelled":
            self.cancel(order)
        elif status == "processing":
            self.reserve_order(order)
            order.before_shipping = "processing"
        elif status == "shipped":
            self.pack(order, {item: item.remaining for item in order.items})
        elif status == "refunded":
            for item in order.items:
                item.cancelled += item.remaining
        order.status = status

    def reserve_order(self, order: Order) -> None:
        if order.status in OPEN:
            for item in order.items:
                if item.product is not None:
                    self.reserve(item, item.lacking)

    def pack(self, order: Order, units_by_item: dict[Item, int]) -> int:
        """Ship those of the wanted units that can ship; return the units."""
        shipped_units = 0
        for item, units in units_by_item.items():
            if item.product is None:
                continue
            held = sum(item.allocations.values())
            if units > held:
                self.reserve(item, units - held)
            left: list[tuple[int, int]] = []
            for number in sorted(item.allocations):
                here = min(units - sum(u for _, u in left), item.allocations[number])
                if here:
                    left.append((number, here))
                    item.allocations[number] -= here
                    self.places[number].reserved -= here
                    self.places[number].on_hand -= here
            shipped = sum(u for _, u in left)
            if shipped:
                item.shipped += shipped
                order.lines.append(Line(item, shipped, left))
            shipped_units += shipped
        return shipped_units

    def ship(self, item: Item, units: int | None, strict: bool) -> int:
        order = item.order
        if order.status in CLOSED:
            raise Refused(409)
        if not item.remaining:
            return 0
        requested = item.remaining if units is None else units
        if requested > item.remaining:
            raise Refused(422)
        held = sum(item.allocations.values())
        if strict and (item.product is None or held + self.free(item.product) < requested):
            raise Refused(409)
        shipped_units = self.pack(order, {item: requested})
        if shipped_units:
            self.update_status(order)
        return shipped_units

    def ship_order(self, order: Order) -> None:
        if order.status in CLOSED:
            raise Refused(409)
        if self.pack(order, {item: item.remaining for item in order.items}):
            self.update_status(order)

    def update_status(self, order: Order) -> None:
        shipped, remaining = sum(i.shipped for i in order.items), sum(i.remaining for i in order.items)
        if order.status in CLOSED or order.status == "delivered":
            return
        if shipped:
            order.status = "partially_shipped" if remaining else "shipped"
        else:
            order.status = order.before_shipping if remaining else "cancelled"

    def cancel(self, order: Order) -> None:
        held = self.held(order)
        for item in order.items:
            self.release(item, sum(item.allocations.values()))
            item.cancelled += item.remaining
        order.status = "cancelled"
        self.fill(held, apart_from=order)

    def cancel_item(self, item: Item, units: int) -> None:
        if item.order.status in CLOSED:
            raise Refused(409)
        if units > item.remaining:
            raise Refused(422)
        held = self.held(item.order)
        item.cancelled += units
        self.release(item, max(-item.lacking, 0))
        self.update_status(item.order)
        self.fill({product: held.get(product, 0) for product in self.products(item.order)}, item.order, [item.order])

    def release_order(self, order: Order) -> None:
        held = self.held(order)
        for item in order.items:
            self.release(item, sum(item.allocations.values()))
        self.fill(held, apart_from=order)

    def held(self, order: Order) -> dict[str, int]:
        held: dict[str, int] = defaultdict(int)
        for item in order.items:
            units = sum(item.allocations.values())
            if item.product is not None and units:
                held[item.product] += units
        return held

    def products(self, order: Order) -> set[str]:
        return {item.product for item in order.items if item.product is not None}

    def undo(self, order: Order, line: Line) -> None:
        if line.undone or order.status not in ("partially_shipped", "shipped"):
            raise Refused(409)
        if line.item.shipped - line.units < line.item.returned:
            raise Refused(409)
        for number, units in line.left:
            self.places[number].on_hand += units
            self.places[number].reserved += units
            line.item.allocations[number] += units
        line.undone = True
        line.item.shipped -= line.units
        self.update_status(order)

    def give_back(self, item: Item, units: int, location: str | None) -> None:
        """Return units to a location, or write them off (None)."""
        if item.product is None:
            raise Refused(409)
        if units > item.shipped - item.returned:
            raise Refused(422)
        item.returned += units
        booked = Return(item, units, location)
        item.order.returns.append(booked)
        if location is not None:
            number = self.place(item.product, location)
            booked.counts_before = self.places[number].counts
            freed = self.freed(number)
            self.places[number].on_hand += units
            self.fill({item.product: units + freed}, also=[item.order])

    def correct_return(self, booked: Return, left: int) -> None:
        """Let only ``left`` of a return's units have come back."""
        if left >= booked.units:
            raise Refused(422)
        if booked.location is not None and booked.item.product is not None:
            place = self.places[self.place(booked.item.product, booked.location)]
            if place.counts == booked.counts_before:  # Otherwise the count took them off.
                if place.on_hand - place.reserved < booked.units - left:
                    raise Refused(409)
                place.on_hand -= booked.units - left
        booked.item.returned -= booked.units - left
        booked.units = left

    def match(self, gtin: str, product: str) -> None:
        for order in self.orders:
            surplus = [i for i in order.items if i.product is None and i.gtin == gtin and i.remaining]
            if not surplus or order.status not in (*OPEN, "shipped"):
                continue
            for item in surplus:
                item.product = product
            if order.status == "shipped":
                self.update_status(order)
            if order.status in WAITING:
                for item in surplus:
                    self.reserve(item, item.lacking)

    def find(self, item: Item, units: int, location: str) -> None:
        if item.order.status in CLOSED or not item.remaining:
            raise Refused(409)
        if units > item.remaining:
            raise Refused(422)
        if item.product is None:
            raise Refused(409)
        number = self.place(item.product, location)
        place, needed = self.places[number], max(units - sum(item.allocations.values()), 0)
        here = min(needed, place.on_hand - place.reserved) if place.short else 0
        surplus = max(needed - here - self.free(item.product), 0)
        place.on_hand += surplus
        place.reserved += here + surplus
        item.allocations[number] += here + surplus
        self.pack(item.order, {item: units})
        self.update_status(item.order)

    def short_pick(self, number: int, counted: int) -> None:
        place = self.places[number]
        if counted >= place.on_hand:
            raise Refused(422)
        lost = self.lose(number, counted)
        place.on_hand, place.short = counted, True
        place.counts += 1
        self.serve(lost)

    # What to compare.

    def stock(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {(place.product, place.location): (place.on_hand, place.reserved) for place in self.places}

    def items(self) -> list[Item]:
        return [item for order in self.orders for item in order.items]

    def allocations(self, item: Item) -> dict[str, int]:
        """Units an item holds, by location."""
        return {self.places[number].location: units for number, units in item.allocations.items() if units}
