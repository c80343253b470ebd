"""Rows for tests, one factory per model. Each commits, so that requests and other sessions see the row."""

from tests.factories.inventory import make_inventory
from tests.factories.match import make_match
from tests.factories.order import channel_of, items_of, make_order
from tests.factories.product import make_placeholder, make_product
from tests.factories.store import make_store
from tests.factories.token import make_token
from tests.factories.user import PASSWORD, make_user

__all__ = [
    "PASSWORD",
    "channel_of",
    "items_of",
    "make_inventory",
    "make_match",
    "make_order",
    "make_placeholder",
    "make_product",
    "make_store",
    "make_token",
    "make_user",
]
