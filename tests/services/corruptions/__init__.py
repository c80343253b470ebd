"""Each way in which rows of the busy store can be wrong, and the violation that must name it."""

from tests.services.corruptions.of_details import WHAT_EVENTS_TELL
from tests.services.corruptions.of_history import HISTORY
from tests.services.corruptions.of_orders import SHIPPED_UNITS, STATUSES
from tests.services.corruptions.of_stock import LEDGER, RESERVATIONS
from tests.services.corruptions.of_tables import PEOPLE_AND_KEYS, TABLE_RULES
from tests.services.corruptions.wording import Corruption, item

CORRUPTIONS = (
    *LEDGER,
    *RESERVATIONS,
    *SHIPPED_UNITS,
    *STATUSES,
    *PEOPLE_AND_KEYS,
    *HISTORY,
    *WHAT_EVENTS_TELL,
    *TABLE_RULES,
)

__all__ = ["CORRUPTIONS", "Corruption", "item"]
