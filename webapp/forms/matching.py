"""Match a marketplace's GTIN, SKU or line to a product."""

from __future__ import annotations

from collections.abc import Callable

from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.packs import read_pack
from webapp.domain.quantities import parse_id
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.rule_fields import RuleField
from webapp.forms.text_fields import one_line

_CHOOSE = {
    MatchBy.GTIN: say("Choose the product that the GTIN stands for."),
    MatchBy.SKU: say("Choose the product that the SKU stands for."),
    MatchBy.NAME: say("Choose the product that the name stands for."),
    MatchBy.ITEM: say("Choose the product that the line stands for."),
}


def first_code(value_of: Callable[[str], str | None]) -> tuple[MatchBy, str]:
    """Return the first of gtin, sku, name and item that is not blank, in this order."""
    return next(((by, text) for by in MatchBy if (text := value_of(by) or "").strip()), (MatchBy.GTIN, ""))


class MatchForm(ActionForm):
    """What to match, and to which product; ``product`` holds the product's id once it is valid."""

    gtin = StringField("GTIN")
    sku = StringField("SKU")
    name = StringField(say("Name"))
    item = StringField(say("Line"))
    product_id = StringField(say("Product"), filters=[one_line])
    pack_units = RuleField(say("Units in one ordered unit"), read_pack)

    product: int = 0

    def validate_gtin(self, _field: StringField) -> None:
        """Check the four fields together: one of them says what to match."""
        try:
            UnknownCode.require(*self.code())
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None

    def validate_product_id(self, field: StringField) -> None:
        product_id = parse_id(field.data or "")
        if product_id is None:
            raise StopValidation(_CHOOSE[self.code()[0]])
        self.product = product_id

    def fingerprint_parts(self) -> tuple[object, ...]:
        unknown = UnknownCode.require(*self.code())
        return unknown.by, unknown.code, self.product, self.pack

    @property
    def pack(self) -> int:
        """Return the units in one ordered unit, once they are valid."""
        return read_pack(self.pack_units.data or "")

    def code(self) -> tuple[MatchBy, str]:
        """Return what to match, as the form has it."""
        return first_code(lambda name: self[name].data)


class MakeProductsForm(ActionForm):
    """Make products of the lines that wait, as the person saw it."""

    seen = HiddenField()
    """The mark of the plan."""

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.seen.data,)
