"""Make a product, or change what is written of one."""

from __future__ import annotations

from wtforms import HiddenField

from webapp.domain.packs import read_pack
from webapp.domain.products import (
    ProductTexts,
    read_hs_code,
    read_origin,
    read_product_gtin,
    read_product_name,
    read_sku,
    read_weight,
)
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.matching import first_code
from webapp.forms.rule_fields import RuleField


class ProductForm(ActionForm):
    """A product's name, SKU and first GTIN, and what a parcel needs of it."""

    name = RuleField(say("Name"), read_product_name)
    sku = RuleField("SKU", read_sku)
    gtin = RuleField("GTIN", read_product_gtin)
    weight_grams = RuleField(say("Weight in grams"), read_weight)
    hs_code = RuleField(say("HS code"), read_hs_code)
    origin_country = RuleField(say("Country of origin"), read_origin)

    @property
    def texts(self) -> ProductTexts:
        """Return what was typed, once it is valid."""
        return ProductTexts(*(self[name].data or "" for name in ProductTexts._fields))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return tuple(self.texts)


class NewProductForm(ProductForm):
    """A new product, and what to match to it: a GTIN, a SKU, a name or a line that waits; nothing if all are blank."""

    match_gtin = HiddenField()
    match_sku = HiddenField()
    match_name = HiddenField()
    match_item = HiddenField()
    pack_units = RuleField(say("Units in one ordered unit"), read_pack)

    @property
    def pack(self) -> int:
        """Return the units in one ordered unit of what is to be matched, once they are valid."""
        return read_pack(self.pack_units.data or "")

    @property
    def unknown(self) -> UnknownCode | None:
        """Return what is to be matched, if anything can be."""
        return UnknownCode.read(*first_code(lambda by: self[f"match_{by}"].data))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *super().fingerprint_parts(), self.pack, *(self[f"match_{by}"].data for by in MatchBy)


class _KeptField(RuleField):
    """A text for which the rule counts only if the person changed it: older imports took what no rule takes today."""

    def pre_validate(self, form: object) -> None:
        if self.data != form[f"seen_{self.name}"].data:  # type: ignore[index]  # WTForms ships no types.
            super().pre_validate(form)


class EditProductForm(ProductForm):
    """The texts, and those that the person saw before."""

    name = _KeptField(say("Name"), read_product_name)
    sku = _KeptField("SKU", read_sku)
    gtin = _KeptField("GTIN", read_product_gtin)
    weight_grams = _KeptField(say("Weight in grams"), read_weight)
    hs_code = _KeptField(say("HS code"), read_hs_code)
    origin_country = _KeptField(say("Country of origin"), read_origin)

    seen_name = HiddenField()
    seen_sku = HiddenField()
    seen_gtin = HiddenField()
    seen_weight_grams = HiddenField()
    seen_hs_code = HiddenField()
    seen_origin_country = HiddenField()

    @property
    def seen(self) -> ProductTexts:
        """Return the texts as the person saw them."""
        return ProductTexts(*(self[f"seen_{name}"].data or "" for name in ProductTexts._fields))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *super().fingerprint_parts(), *self.seen
