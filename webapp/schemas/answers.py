"""The API's answers, for the OpenAPI document; tests check every answer against them.

Services return plain dictionaries: dumping them through a schema would cost more than it checks.
"""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from webapp.domain.causes import Cause
from webapp.domain.holds import Hold
from webapp.domain.ledger import TransactionType
from webapp.domain.statuses import OrderStatus


def _whole(description: str, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, metadata={"description": description}, **{"required": True, **options})


def _text(description: str, **options: Any) -> fields.String:
    return fields.String(metadata={"description": description}, **{"required": True, **options})


def _flag(description: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": description})


def _time(description: str, **options: Any) -> fields.AwareDateTime:
    about = {"description": f"{description} In UTC."}
    return fields.AwareDateTime(format="iso", required=True, metadata=about, **options)


def _status() -> fields.Enum[OrderStatus]:
    return fields.Enum(
        OrderStatus, by_value=fields.String, required=True, metadata={"description": "Where the order stands."}
    )


class AnswerSchema(Schema):
    """An answer with the fields below; more may be added later."""

    class Meta:
        unknown = EXCLUDE


class ProblemSchema(AnswerSchema):
    """An error (RFC 9457). The error's own fields may be added."""

    type = _text("What kind of problem this is, as a URI.")
    title = _text("The same in a few words.")
    status = _whole("The HTTP status.")
    detail = _text("What happened, in a sentence for a person.")
    code = _text("What happened, in a word for a program; it never changes.")


class ShortItemSchema(AnswerSchema):
    """An item that stock could not cover, wholly or in part."""

    item_id = _whole("The order's item.")
    reason = fields.Enum(Cause, by_value=fields.String, required=True, metadata={"description": "Why."})
    quantity = _whole("Units that could not be served.")


class SkippedItemSchema(ShortItemSchema):
    """An item that a stock action skipped, wholly or in part, with an open stock exception."""

    product_id = _whole("Its product.")


class StockExceptionSchema(ShortItemSchema):
    """Units that a stock action could not cover, waiting for a person."""

    opened_at = _time("When it was noticed.")


class ShippedItemSchema(AnswerSchema):
    """One item's numbers after shipping; units."""

    order_id = _whole("The order.")
    item_id = _whole("The order's item.")
    fulfilled_quantity = _whole("Units that this request shipped; 0 where nothing was left to ship.")
    shipped_quantity = _whole("Units shipped so far.")
    remaining_quantity = _whole("Units still to ship.")
    is_fully_shipped = _flag("Nothing is left to ship.")
    message = _text("Why nothing was shipped.", required=False)


class ItemSchema(AnswerSchema):
    """One item of an order; units."""

    item_id = _whole("The order's item.")
    product_id = _whole("Its product.")
    product_name = _text("The product's name when it was ordered.")
    sku = _text("Our code of the product when it was ordered.")
    gtin = _text("Its barcode, with all its zeros.", allow_none=True)
    quantity = _whole("Units ordered.")
    shipped_quantity = _whole("Units shipped.")
    cancelled_quantity = _whole("Units cancelled: they never ship.")
    returned_quantity = _whole("Units shipped and come back.")
    reserved_quantity = _whole("Units that the item holds of stock.")
    remaining_quantity = _whole("Units still to ship.")
    is_fully_shipped = _flag("Something shipped and nothing is left to.")
    is_partially_shipped = _flag("Something shipped and something is left.")
    weight_grams = _whole("Weight of one unit of its product in grams; null if nobody knows it.", allow_none=True)
    hs_code = _text("Customs code of its product; null if nobody knows it.", allow_none=True)
    origin_country = _text("Country in which its product was made, ISO 3166.", allow_none=True)


class PricedItemSchema(ItemSchema):
    """One item of an order, with its price."""

    unit_price = _text(
        "What the shop asks for one as it counts them: a decimal with a point; null if it did not say it.",
        allow_none=True,
    )
    pack_units = _whole("Units in one that the shop counts: more than 1 if it sells a pack of the product.")


class NamedOrderSchema(AnswerSchema):
    """Names the order."""

    order_id = _whole("The order.")
    order_number = _text("Its number in the shop.")


class OrderUnitsSchema(NamedOrderSchema):
    """An order's status and units; units are sums over its items."""

    order_status = _status()
    version = _whole("Goes up with every change of the order.")
    total_item_count = _whole("Items of the order.")
    total_ordered_units = _whole("Units ordered.")
    total_shipped_units = _whole("Units shipped.")
    total_cancelled_units = _whole("Units cancelled.")


class OrderPromiseSchema(AnswerSchema):
    """The customer and the promised date."""

    channel = _text("Where it was ordered: the channel's code.")
    external_id = _text("What the channel calls the order; the same number may stand in two channels.")
    customer_name = _text("Who ordered.")
    ordered_at = _time("When it was ordered.")
    ship_by = _time("When it should leave.")
    hold = fields.Enum(
        Hold,
        by_value=fields.String,
        required=True,
        allow_none=True,
        metadata={"description": "Why nobody ships it yet; null if it is not on hold."},
    )
    assigned_to = fields.List(
        fields.String(), required=True, metadata={"description": "Who is packing it now; empty for nobody."}
    )


class ShipmentStatusSchema(OrderUnitsSchema):
    is_fully_shipped = _flag("Something shipped and nothing is left to.")
    is_partially_shipped = _flag("Something shipped and something is left.")
    shipped_item_count = _whole("Items fully shipped.")
    items = fields.List(fields.Nested(ItemSchema), required=True)


class ShipToSchema(AnswerSchema):
    """Where an order goes; blank where the shop said nothing."""

    name = _text("Who receives it.")
    company = _text("The receiver's company.")
    lines = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Street, house number and so on: at most three lines."},
    )
    postcode = _text("The postcode, with its zeros.")
    city = _text("The city.")
    region = _text("The province, state or county.")
    country = _text("The country: ISO 3166, two letters.")


class ParcelDataSchema(AnswerSchema):
    """What an order's parcel needs; blank where the shop said nothing."""

    ship_to = fields.Nested(ShipToSchema, required=True)
    phone = _text("The customer's phone number.")
    email = _text("The customer's e-mail address.")
    language = _text("The customer's language, as the shop names it.")
    shipping_method = _text("The shipping method that the customer chose.")
    customer_note = _text("What the customer wrote.")
    packing_note = _text("What the shop tells the packer.")
    packing_note_read_by = _text("Who confirmed that the packing note was read.", allow_none=True)
    packing_note_read_at = _time("When that was.", allow_none=True)
    gift_text = _text("The text that goes with a gift.")
    person_erased_by = _text("Who erased the customer's name and the parcel data.", allow_none=True)
    person_erased_at = _time("When that was.", allow_none=True)


class OrderSchema(ShipmentStatusSchema, OrderPromiseSchema, ParcelDataSchema):
    """An order with its items, what has shipped, where it goes, and what waits for a person."""

    currency = _text("The currency of the prices: ISO 4217; blank if the shop did not say it.")
    items = fields.List(fields.Nested(PricedItemSchema), required=True)
    stock_exceptions = fields.List(fields.Nested(StockExceptionSchema), required=True)


class OrderSummarySchema(OrderUnitsSchema, OrderPromiseSchema):
    """An order in a list."""


class OrderListSchema(AnswerSchema):
    """A page of orders."""

    orders = fields.List(fields.Nested(OrderSummarySchema), required=True)
    next_cursor = _text("Where the next page begins; null on the last one.", allow_none=True)


class ChangedOrderSchema(NamedOrderSchema):
    """An order after a status change, and what the stock action did. Counts are items; quantities are units."""

    order_status = _status()
    status = _status()
    skipped_items = fields.List(fields.Nested(SkippedItemSchema), required=True)
    reserved_count = _whole("Items for which units were reserved.", required=False)
    reserved_units = _whole("Units reserved.", required=False)
    fulfilled_count = _whole("Items of which units were shipped.", required=False)
    fulfilled_units = _whole("Units shipped.", required=False)
    released_count = _whole("Items whose units were released.", required=False)
    released_units = _whole("Units released.", required=False)


class LedgerRowSchema(AnswerSchema):
    """One movement of one product at one place."""

    id = _whole("The row.")
    store_id = _whole("The store.")
    product_id = _whole("What moved.")
    inventory_id = _whole("The stock record: one product at one place.")
    seq = _whole("Orders the rows of one stock record: 1, 2, 3 …")
    allocation_id = _whole("The order item's allocation, where there is one.", allow_none=True)
    transaction_type = fields.Enum(
        TransactionType, by_value=fields.String, required=True, metadata={"description": "Why."}
    )
    quantity_change = _whole("Units on hand: plus adds, minus removes.")
    reserved_change = _whole("Units reserved: plus adds, minus removes.")
    quantity_after = _whole("Units on hand afterwards.")
    reserved_after = _whole("Units reserved afterwards.")
    location = _text("The place in the warehouse.")
    warehouse = _text("The warehouse.")
    order_id = _whole("The order, where there is one.", allow_none=True)
    order_item_id = _whole("Its item, where there is one.", allow_none=True)
    order_number = _text("The order's number.", allow_none=True)
    reverses_id = _whole("The row that this one takes back.", allow_none=True)
    operation_id = _text("The same for all rows of one request.")
    reason = _text("Why, in words; may be empty.")
    created_by = _text("Who did it.")
    created_at = _time("When.")


class TransactionsSchema(NamedOrderSchema):
    transactions = fields.List(fields.Nested(LedgerRowSchema), required=True)
