"""Formats of order and stock files, as data: columns, and the few rules that differ by source.

A new format is one more ``OrderFormat`` in ``ORDER_FORMATS``: here, or in a module of its own if it is long.
"""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.wording import say
from webapp.services.imports.columns import Field, TableFormat
from webapp.services.imports.order_format import MONEY, PRICES, PRODUCT, STATE, STATE_RULES, OrderFormat, rule
from webapp.services.imports.parcel_fields import PARCEL_DATA
from webapp.services.imports.woocommerce import WOOCOMMERCE

_QUOTED: Final = (re.compile(r"^'"), "")
"""Shopify leads postcodes and phone numbers by an apostrophe, so that a spreadsheet keeps their zeros."""

_BEFORE_A_GIFT: Final = (re.compile(r"\A((?![^:\n]*(gift|geschenk|cadeau))[^\n]*(\n|\Z))*", re.IGNORECASE), "")
"""Shopify's note attributes, lines of "name: value", up to the first that is about a gift. What follows stays whole,
since a gift's text may have several lines."""

NATIVE: Final = OrderFormat(
    name="native",
    columns={
        Field.ORDER_NUMBER: ("order_number",),
        Field.ORDERED_AT: ("ordered_at",),
        Field.CUSTOMER_NAME: ("customer_name",),
        Field.CHANNEL: ("channel",),
        Field.SHIP_BY: ("ship_by",),
        Field.SKU: ("sku",),
        Field.GTIN: ("gtin",),
        Field.PRODUCT_NAME: ("product_name",),
        Field.QUANTITY: ("quantity",),
        Field.SHIP_TO_NAME: ("ship_to_name",),
        Field.SHIP_TO_COMPANY: ("ship_to_company",),
        Field.SHIP_TO_LINE1: ("ship_to_line1",),
        Field.SHIP_TO_LINE2: ("ship_to_line2",),
        Field.SHIP_TO_LINE3: ("ship_to_line3",),
        Field.SHIP_TO_POSTCODE: ("ship_to_postcode",),
        Field.SHIP_TO_CITY: ("ship_to_city",),
        Field.SHIP_TO_REGION: ("ship_to_region",),
        Field.SHIP_TO_COUNTRY: ("ship_to_country",),
        Field.PHONE: ("phone",),
        Field.EMAIL: ("email",),
        Field.LANGUAGE: ("language",),
        Field.SHIPPING_METHOD: ("shipping_method",),
        Field.CUSTOMER_NOTE: ("customer_note",),
        Field.PACKING_NOTE: ("packing_note",),
        Field.GIFT_TEXT: ("gift_text",),
        Field.EXTERNAL_ID: ("external_id",),
        Field.LINE_ID: ("line_id",),
        Field.UPDATED_AT: ("updated_at",),
        Field.CANCELLED_AT: ("cancelled_at",),
        Field.PAYMENT_STATUS: ("payment_status",),
        Field.ORDER_FULFILLMENT: ("fulfillment_status",),
        Field.LINE_FULFILLMENT: ("line_fulfillment_status",),
        Field.UNIT_PRICE: ("unit_price",),
        Field.CURRENCY: ("currency",),
    },
    optional=PARCEL_DATA | STATE | PRICES | {Field.CUSTOMER_NAME, Field.CHANNEL, Field.SHIP_BY, *PRODUCT},
    one_of=PRODUCT,
    rules=STATE_RULES,
)

# Source: the help page of Shopify's "Export orders", and exports that shops published. Headers changed over the years
# (sku/SKU, Cancelled/Canceled). Only an order's first row has the order's own fields.
SHOPIFY: Final = OrderFormat(
    name="shopify",
    columns={
        Field.ORDER_NUMBER: ("Name",),
        Field.ORDERED_AT: ("Created at",),
        Field.CUSTOMER_NAME: ("Shipping Name", "Billing Name", "Email"),
        Field.SKU: ("Lineitem sku",),
        Field.PRODUCT_NAME: ("Lineitem name",),
        Field.QUANTITY: ("Lineitem quantity",),
        Field.CANCELLED_AT: ("Cancelled at", "Canceled at"),
        Field.PAYMENT_STATUS: ("Financial Status",),
        Field.ORDER_FULFILLMENT: ("Fulfillment Status",),
        Field.LINE_FULFILLMENT: ("Lineitem fulfillment status",),
        Field.NEEDS_SHIPPING: ("Lineitem requires shipping",),
        Field.SHIP_TO_NAME: ("Shipping Name",),
        Field.SHIP_TO_COMPANY: ("Shipping Company",),
        Field.SHIP_TO_LINE1: ("Shipping Address1", "Shipping Street"),
        Field.SHIP_TO_LINE2: ("Shipping Address2",),
        Field.SHIP_TO_POSTCODE: ("Shipping Zip",),
        Field.SHIP_TO_CITY: ("Shipping City",),
        Field.SHIP_TO_REGION: ("Shipping Province Name", "Shipping Province"),
        Field.SHIP_TO_COUNTRY: ("Shipping Country",),
        Field.PHONE: ("Shipping Phone", "Phone"),
        Field.EMAIL: ("Email",),
        Field.SHIPPING_METHOD: ("Shipping Method",),
        Field.CUSTOMER_NOTE: ("Notes",),
        Field.GIFT_TEXT: ("Note Attributes",),
        Field.EXTERNAL_ID: ("Id",),
        Field.SUBTOTAL: ("Subtotal",),
        Field.DISCOUNT: ("Discount Amount",),
        Field.UNIT_PRICE: ("Lineitem price",),
        Field.LINE_DISCOUNT: ("Lineitem discount",),
        Field.CURRENCY: ("Currency",),
    },
    optional=PARCEL_DATA | STATE | MONEY | {Field.CUSTOMER_NAME, Field.NEEDS_SHIPPING, *PRODUCT},
    one_of=PRODUCT,
    head=(Field.PAYMENT_STATUS, Field.SUBTOTAL),
    channel="shopify",
    decimal_sign=".",
    blank_number_continues=True,
    cleaned={
        Field.SHIP_TO_POSTCODE: _QUOTED,
        Field.PHONE: _QUOTED,
        Field.GIFT_TEXT: _BEFORE_A_GIFT,
    },
    may_differ=frozenset({Field.CUSTOMER_NAME}),
    rules=(
        *STATE_RULES,
        rule(Field.NEEDS_SHIPPING, "false|no|0", say("does not ship")),
    ),
)

# Source: "Online Retail" and "Online Retail II", UCI Machine Learning Repository. Product codes have many forms, so a
# line counts as goods unless its code or name says that it is bookkeeping.
ONLINE_RETAIL: Final = OrderFormat(
    name="online-retail",
    columns={
        Field.ORDER_NUMBER: ("InvoiceNo", "Invoice"),
        Field.ORDERED_AT: ("InvoiceDate",),
        Field.CUSTOMER_NAME: ("CustomerID",),
        Field.SKU: ("StockCode",),
        Field.PRODUCT_NAME: ("Description",),
        Field.QUANTITY: ("Quantity",),
    },
    optional=frozenset({Field.CUSTOMER_NAME, Field.PRODUCT_NAME}),
    channel="online-retail",
    numeric_dates=True,
    rules=(
        rule(Field.ORDER_NUMBER, r"C\d.*", say("credit note")),
        rule(Field.ORDER_NUMBER, r"[a-z].*", say("bookkeeping entry, not an invoice")),
        rule(Field.SKU, r"POST|DOT|C\d|CARRIAGE", say("postage or carriage, not goods")),
        rule(Field.PRODUCT_NAME, r"(dotcom |next day )?(postage|carriage)", say("postage or carriage, not goods")),
        rule(Field.SKU, r"AMAZON ?FEE|BANK CHARGES|CRUK", say("fee or commission, not goods")),
        rule(Field.PRODUCT_NAME, r"amazon fee|bank charges|cruk commission", say("fee or commission, not goods")),
        rule(Field.SKU, r"GIFT(_.*)?", say("gift voucher, not goods")),
        rule(Field.PRODUCT_NAME, r".*\bgift voucher\b.*", say("gift voucher, not goods")),
        rule(Field.SKU, r"TEST\d*", say("test entry")),
        rule(Field.PRODUCT_NAME, r"this is a test product\.?", say("test entry")),
        rule(Field.SKU, r"[a-z]|ADJUST\d*", say("manual line, discount or adjustment, not goods")),
        rule(
            Field.PRODUCT_NAME,
            r"manual|discount|samples|adjust(ment|) .*",
            say("manual line, discount or adjustment, not goods"),
        ),
        rule(Field.QUANTITY, r"-[0-9]+", say("stock correction (quantity below 0)")),
        rule(Field.QUANTITY, r"0+", say("no units (quantity 0)")),
    ),
    cleaned={Field.CUSTOMER_NAME: (re.compile(r"\.0$"), "")},
    may_differ=frozenset({Field.ORDERED_AT}),
)

ORDER_FORMATS: Final = {one.name: one for one in (NATIVE, SHOPIFY, WOOCOMMERCE, ONLINE_RETAIL)}

STOCK: Final = TableFormat(
    name="stock",
    columns={
        Field.SKU: ("sku",),
        Field.GTIN: ("gtin",),
        Field.PRODUCT_NAME: ("product_name",),
        Field.WAREHOUSE: ("warehouse",),
        Field.LOCATION: ("location",),
        Field.QUANTITY: ("quantity",),
        Field.WEIGHT: ("weight_grams",),
        Field.HS_CODE: ("hs_code",),
        Field.ORIGIN: ("origin_country",),
        Field.EXPORTED_FROM: ("exported_from",),
    },
    optional=frozenset(
        {
            *(Field.GTIN, Field.PRODUCT_NAME, Field.WAREHOUSE, Field.EXPORTED_FROM),
            *(Field.WEIGHT, Field.HS_CODE, Field.ORIGIN),
        }
    ),
)
