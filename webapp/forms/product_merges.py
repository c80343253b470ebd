"""Merge a product with its twin, or undo that."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.quantities import parse_id
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.text_fields import one_line


class MergeForm(ActionForm):
    """The product that stays; ``survivor_id`` is its id once the form is valid."""

    survivor = StringField(say("Product"), filters=[one_line])

    survivor_id: int = 0

    def validate_survivor(self, field: StringField) -> None:
        """Read the id."""
        product_id = parse_id(field.data or "")
        if product_id is None:
            raise StopValidation(say("Choose the product that stays."))
        self.survivor_id = product_id

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.survivor_id,)
