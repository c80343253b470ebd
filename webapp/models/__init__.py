"""Tables, their constraints, and properties derived from one row. No queries, no use cases."""

from webapp.domain.ledger import TransactionType
from webapp.models.assignment import Assignment
from webapp.models.base import Base
from webapp.models.channel import Channel
from webapp.models.idempotency_key import IdempotencyKey
from webapp.models.import_job import ImportJobRow
from webapp.models.import_mapping import ImportMapping
from webapp.models.imported_stock_row import ImportedStockRow
from webapp.models.match import Match
from webapp.models.one_time_link import OneTimeLink, SetupLink
from webapp.models.order import Allocation, Order, OrderItem, OrderSearchWord, OrderState
from webapp.models.person_session import PersonSession
from webapp.models.pick import Pick
from webapp.models.product import Inventory, Product, ProductSearchWord
from webapp.models.product_code import ProductCode, ProductCodeChange
from webapp.models.product_merge import ProductMerge
from webapp.models.setting import StoreSetting
from webapp.models.shipment import Shipment, ShipmentLine
from webapp.models.sign_in_try import SignInTries
from webapp.models.stock_exception import StockException
from webapp.models.store import ApiToken, Membership, SavedFilter, Store, User
from webapp.models.trail import InventoryTransaction, OrderEvent

__all__ = [
    "Allocation",
    "ApiToken",
    "Assignment",
    "Base",
    "Channel",
    "IdempotencyKey",
    "ImportJobRow",
    "ImportMapping",
    "ImportedStockRow",
    "Inventory",
    "InventoryTransaction",
    "Match",
    "Membership",
    "OneTimeLink",
    "Order",
    "OrderEvent",
    "OrderItem",
    "OrderSearchWord",
    "OrderState",
    "PersonSession",
    "Pick",
    "Product",
    "ProductCode",
    "ProductCodeChange",
    "ProductMerge",
    "ProductSearchWord",
    "SavedFilter",
    "SetupLink",
    "Shipment",
    "ShipmentLine",
    "SignInTries",
    "StockException",
    "Store",
    "StoreSetting",
    "TransactionType",
    "User",
]
