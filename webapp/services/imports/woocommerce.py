"""WooCommerce's exports as a format: its export plugins' with a row for each item, and its own list of orders.

Sources: the columns of "Advanced Order Export" and of "Customer/Order/Coupon Export", as public scripts read them, and
WooCommerce's Analytics, whose rows have all products of an order in one cell.
"""

from __future__ import annotations

from typing import Final

from webapp.domain.wording import say
from webapp.services.imports.columns import Field
from webapp.services.imports.order_format import PRICES, PRODUCT, STATE, STATE_RULES, OrderFormat, Words, rule
from webapp.services.imports.parcel_fields import PARCEL_DATA

_STATUSES: Final = """
unpaid: pending, pending payment, zahlung ausstehend, ausstehende zahlung, attente paiement, en attente de paiement
held: on-hold, on hold, in wartestellung, wartend, en attente
paid: processing, in bearbeitung, en cours
done: completed, abgeschlossen, fertiggestellt, terminee, terminée
void: cancelled, canceled, storniert, annulee, annulée, trash, draft, checkout-draft
repaid: refunded, rückerstattet, erstattet, rueckerstattet, remboursee, remboursée
failed: failed, fehlgeschlagen, echouee, échouée
"""
"""What WooCommerce calls an order's status, in English, German and French, behind our word for the kind."""


def _words(**meanings: str) -> dict[str, str]:
    """Return what each of WooCommerce's words means, by the meaning of its kind."""
    words = {}
    for line in _STATUSES.split("\n"):
        kind, _, names = line.partition(": ")
        for name in names.split(", ") if kind in meanings else ():
            words[name] = words[f"wc-{name}"] = meanings[kind]
    return words


_STATUS: Final = ("Order Status", "Status")

WOOCOMMERCE: Final = OrderFormat(
    name="woocommerce",
    columns={
        Field.ORDER_NUMBER: ("Order Number Formatted", "Order Number", "Order #", "Order ID"),
        Field.ORDERED_AT: ("Order Date", "Date", "Date Created"),
        Field.CUSTOMER_NAME: (
            ("First Name (Shipping)", "Last Name (Shipping)"),
            ("Shipping First Name", "Shipping Last Name"),
            "Full Name (Shipping)",
            ("First Name (Billing)", "Last Name (Billing)"),
            ("Billing First Name", "Billing Last Name"),
            "Full Name (Billing)",
            "Customer",
            "Email (Billing)",
            "Billing Email",
        ),
        Field.SKU: ("SKU", "Item SKU"),
        Field.GTIN: ("GTIN", "Global Unique ID", "EAN", "Barcode"),
        Field.PRODUCT_NAME: ("Item Name", "Product Name", "Name", "Product(s)"),
        Field.QUANTITY: ("Quantity (- Refund)", "Quantity", "Item Quantity", "Qty", "Items sold"),
        Field.REFUNDED_UNITS: ("Item Refunded Qty", "Item Quantity Refunded"),
        Field.LINE_NUMBER: ("Item #",),
        Field.LINE_ID: ("Item ID",),
        Field.EXTERNAL_ID: ("Order ID",),
        Field.UPDATED_AT: ("Date Modified", "Order Modified Date"),
        Field.PAYMENT_STATUS: _STATUS,
        Field.ORDER_FULFILLMENT: _STATUS,
        Field.CANCELLED_AT: _STATUS,
        Field.SHIP_TO_NAME: (
            ("First Name (Shipping)", "Last Name (Shipping)"),
            ("Shipping First Name", "Shipping Last Name"),
            "Full Name (Shipping)",
        ),
        Field.SHIP_TO_COMPANY: ("Company (Shipping)", "Shipping Company"),
        Field.SHIP_TO_LINE1: ("Address 1 (Shipping)", "Shipping Address 1", "Address 1&2 (Shipping)"),
        Field.SHIP_TO_LINE2: ("Address 2 (Shipping)", "Shipping Address 2"),
        Field.SHIP_TO_POSTCODE: ("Postcode (Shipping)", "Shipping Postcode"),
        Field.SHIP_TO_CITY: ("City (Shipping)", "Shipping City"),
        Field.SHIP_TO_REGION: (
            "State Name (Shipping)",
            "Shipping State",
            "State Code (Shipping)",
            "Shipping State Code",
        ),
        Field.SHIP_TO_COUNTRY: ("Country Code (Shipping)", "Shipping Country", "Country Name (Shipping)"),
        Field.PHONE: ("Phone (Shipping)", "Shipping Phone", "Phone (Billing)", "Billing Phone"),
        Field.EMAIL: ("Email (Billing)", "Billing Email", "Customer Email"),
        Field.SHIPPING_METHOD: ("Shipping Method Title", "Shipping Method"),
        Field.CUSTOMER_NOTE: ("Customer Note", "Customer Message", "Customer Provided Note"),
        Field.GIFT_TEXT: ("Gift Message",),
        Field.UNIT_PRICE: ("Item Cost", "Item Price"),
        Field.CURRENCY: ("Order Currency", "Currency"),
    },
    instead={
        Field.SHIP_TO_NAME: (
            ("First Name (Billing)", "Last Name (Billing)"),
            ("Billing First Name", "Billing Last Name"),
            "Full Name (Billing)",
        ),
        Field.SHIP_TO_COMPANY: ("Company (Billing)", "Billing Company"),
        Field.SHIP_TO_LINE1: ("Address 1 (Billing)", "Billing Address 1", "Address 1&2 (Billing)"),
        Field.SHIP_TO_LINE2: ("Address 2 (Billing)", "Billing Address 2"),
        Field.SHIP_TO_POSTCODE: ("Postcode (Billing)", "Billing Postcode"),
        Field.SHIP_TO_CITY: ("City (Billing)", "Billing City"),
        Field.SHIP_TO_REGION: ("State Name (Billing)", "Billing State", "State Code (Billing)", "Billing State Code"),
        Field.SHIP_TO_COUNTRY: ("Country Code (Billing)", "Billing Country", "Country Name (Billing)"),
    },
    optional=PARCEL_DATA
    | PRICES
    | (STATE - {Field.PAYMENT_STATUS})
    | {Field.CUSTOMER_NAME, Field.REFUNDED_UNITS, Field.LINE_NUMBER, *PRODUCT},
    one_of=PRODUCT,
    known_by=(
        "First Name (Billing)",
        "First Name (Shipping)",
        "Billing First Name",
        "Shipping First Name",
        "Email (Billing)",
        "Billing Email",
        "Quantity (- Refund)",
        "Product(s)",
    ),
    channel="woocommerce",
    numeric_dates=True,
    words={
        Field.PAYMENT_STATUS: Words(
            _words(
                unpaid="unpaid",
                held="unpaid",
                paid="paid",
                done="paid",
                void="voided",
                repaid="refunded",
                failed="unpaid",
            )
        ),
        Field.ORDER_FULFILLMENT: Words(_words(held="on_hold", done="fulfilled"), other="unfulfilled"),
        Field.CANCELLED_AT: Words(_words(void="yes"), other=""),
    },
    rules=(*STATE_RULES, rule(Field.QUANTITY, "-?0+", say("refunded in the shop: no units of the line are left"))),
    products_in_one_cell=("Product(s)", "Items sold"),
)
