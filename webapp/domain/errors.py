"""Errors of the warehouse. Each carries the numbers that a person needs to go on.

``code`` is stable and appears in problem+json; ``status`` is the HTTP status. Both are plain values, so services need
not know HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, ClassVar

from webapp.domain.change_words import CHANGES
from webapp.domain.holds import HOLDS, Hold
from webapp.domain.upstream import ShopChange
from webapp.domain.wording import Wording, say, say_number


class PackbenchError(Exception):
    """A refusal: a sentence for a person (``message``), a stable ``code``, and data for a program (``data``)."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    advice: Wording | None = None
    """What to do about it; None: what the status usually asks for."""
    retry_after: int | None = None
    """Seconds after which the same request may succeed; None: nobody knows."""

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class NotFoundError(PackbenchError):
    """The id is unknown or belongs to another store; a caller cannot tell which."""

    code = "not_found"
    status = 404


class OrderNotFound(NotFoundError):
    """No such order in this store."""

    code = "order_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such order in this store."))


class ItemNotFound(NotFoundError):
    """No such item on this order."""

    code = "item_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such item on this order."))


class ProductNotFound(NotFoundError):
    """No such product in this store."""

    code = "product_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such product in this store."))


class MatchNotFound(NotFoundError):
    """No such match in this store."""

    code = "match_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such match in this store."))


class ShipmentLineNotFound(NotFoundError):
    """No such shipped line on this order."""

    code = "shipment_line_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such shipped line on this order."))


class ReturnNotFound(NotFoundError):
    """No such return of this order."""

    code = "return_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such return of this order."))


class ExceptionNotFound(NotFoundError):
    """No such stock exception in this store."""

    code = "stock_exception_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such stock exception in this store."))


class MappingNotFound(NotFoundError):
    """No such mapping of columns in this store, or no longer."""

    code = "mapping_not_found"

    def __init__(self) -> None:
        super().__init__(say("Somebody else has removed this mapping meanwhile."))


class ImportJobNotFound(NotFoundError):
    """No such import in this store."""

    code = "import_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such import in this store."))


class StoreNotFound(NotFoundError):
    """No such store, or the person does not work there."""

    code = "store_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such store."))


class UserNotFound(NotFoundError):
    """No such person in this store."""

    code = "user_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such person in this store."))


class TokenNotFound(NotFoundError):
    """No token of this name in this store."""

    code = "token_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no token of this name in this store."))


class ChannelNotFound(NotFoundError):
    """No such channel in this store."""

    code = "channel_not_found"

    def __init__(self) -> None:
        super().__init__(say("There is no such channel in this store."))


class LinkOver(NotFoundError):
    """A one-time link is unknown, used, over or withdrawn; a visitor cannot tell which."""

    code = "link_over"
    advice = say("Ask the person who gave it to you for a new one. If you used it yourself, sign in.")

    def __init__(self) -> None:
        super().__init__(
            say("This link opens nothing any more: it was used, it has ended, or a part of it is missing.")
        )


class ConflictError(PackbenchError):
    """The request is well formed, but the order or the stock does not allow it now."""

    code = "conflict"
    status = 409


class InventoryNotFound(ConflictError):
    """The product has no inventory row."""

    code = "no_inventory"


class InsufficientInventory(ConflictError):
    """Fewer units are available than needed. Data: ``requested``, ``available`` (units) and alternatives."""

    code = "insufficient_inventory"


class PlaceholderProduct(ConflictError):
    """The item is on the placeholder product: match it to a product first."""

    code = "placeholder_product"


class InvalidTransition(ConflictError):
    """The order's status does not allow this change. Data: ``from`` and ``to``, or ``status``."""

    code = "invalid_transition"


class UnknownPlace(ConflictError):
    """The product has never been at this place, and nobody said that it is a new one. Data: ``location``."""

    code = "unknown_place"


class UnreadPackingNote(ConflictError):
    """Somebody must read the order's packing note before a person ships from it."""

    code = "unread_packing_note"

    def __init__(self) -> None:
        super().__init__(
            say("This order has a packing note that nobody has read. Read it and confirm it, then ship again.")
        )


class ChangedUpstream(ConflictError):
    """The shop has changed the order since the screen was drawn. Data: ``changes``, their kinds."""

    code = "changed_upstream"

    def __init__(self, changes: Sequence[ShopChange]) -> None:
        words = ", ".join(CHANGES[change] for change in changes)
        super().__init__(
            say("The shop changed this order: %(changes)s. Check it, then ship again.", changes=words),
            changes=[str(change) for change in changes],
        )


class OnHold(ConflictError):
    """Nobody ships from an order on hold. Data: ``hold``, the reason."""

    code = "on_hold"

    def __init__(self, hold: Hold) -> None:
        super().__init__(
            say("This order is on hold: %(why)s. It ships once the shop or a manager releases it.", why=HOLDS[hold]),
            hold=str(hold),
        )


class StillToShip(ConflictError):
    """The customer's data cannot be erased while units of the order are left to ship."""

    code = "still_to_ship"

    def __init__(self) -> None:
        super().__init__(
            say("Something of this order is still to ship and needs the address. Ship or cancel it first.")
        )


class StaleView(ConflictError):
    """Somebody changed the row since the caller read it. Data: ``seen`` and ``current``."""

    code = "stale_view"


class NothingLeft(ConflictError):
    """A person asked to ship units, but none are left: all have shipped or were cancelled."""

    code = "nothing_left"


class UndoRefused(ConflictError):
    """The shipped line cannot be undone: too late, already undone, or shipped by somebody else."""

    code = "undo_refused"


class FileTooLarge(PackbenchError):
    """The request holds more bytes than its address takes."""

    code = "too_large"
    status = 413

    def __init__(self, megabytes: int) -> None:
        super().__init__(say("The file is larger than %(most)s MB, the most that can be sent.", most=megabytes))
        self.advice = say("Divide it, or compress it with gzip. Files of any size are imported with the command.")


class NameTaken(ConflictError):
    """The name is already in use."""

    code = "name_taken"


class LastAdministrator(ConflictError):
    """A store would be left without an administrator who can sign in."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__(say("This is the last administrator of the store. Make somebody else an administrator first."))


class WorksElsewhere(ConflictError):
    """The person also works in a store that somebody else administers, and the change would reach there."""

    code = "works_elsewhere"

    def __init__(self) -> None:
        super().__init__(
            say("This person also works in a store where you are no administrator, and this would reach there.")
        )


class AlreadySetUp(ConflictError):
    """Somebody set the database up already."""

    code = "already_set_up"

    def __init__(self) -> None:
        super().__init__(say("Somebody else has just set up this shop. Sign in with a name that they give you."))


class InvalidInput(PackbenchError):
    """The request itself is wrong, whatever the state of the order."""

    code = "invalid_input"
    status = 422


class InvalidQuantity(InvalidInput):
    """Not a valid quantity here. Data: ``quantity`` as it was sent."""

    code = "invalid_quantity"


class ReasonRequired(InvalidInput):
    """This change needs a reason, and none was given."""

    code = "reason_required"


class DamagedFile(InvalidInput):
    """An import file cannot be read; nothing of it was written."""

    code = "damaged_file"


class IdempotencyKeyReused(InvalidInput):
    """The key was already used for a different request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(say("This idempotency key was used before for a different request. Use a new key."))


class IdempotencyKeyOfAnother(IdempotencyKeyReused):
    """Another actor used the key, so its answer is not for this one."""

    def __init__(self) -> None:
        InvalidInput.__init__(
            self, say("Somebody else used this idempotency key before. Nothing was done in your name. Use a new key.")
        )


class Forbidden(PackbenchError):
    """The person or token is known, but the role does not allow this."""

    code = "forbidden"
    status = 403


class TooManyTries(PackbenchError):
    """Too many sign-ins failed. ``wait`` is how many seconds pass before the next try is checked."""

    code = "too_many_requests"
    status = 429

    def __init__(self, wait: float) -> None:
        super().__init__(say("There were too many failed tries from this address or for this name."))
        self.retry_after = max(1, ceil(wait))
        minutes = ceil(wait / 60)
        self.advice = (
            say_number("Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes)
            if minutes < 60
            else say_number(
                "Wait %(num)s hour, then try again.", "Wait %(num)s hours, then try again.", ceil(wait / 3600)
            )
        )


class Unavailable(PackbenchError):
    """The database is busy, or the outcome is unknown: send the same request with the same key again."""

    code = "unavailable"
    status = 503


class Busy(Unavailable):
    """Somebody else held a lock for longer than a person waits. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            say("Somebody else is changing this at the moment. Nothing was changed. Wait a moment, then try again.")
        )
