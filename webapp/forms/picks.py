"""Count what was picked: a scan, or a typed number."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, SeenField

_LONGEST = 200


class PickScanForm(ActionForm):
    """One scan of a code of the item; it counts the units that the code stands for."""

    scan = StringField(
        say("Code"), validators=[InputRequired(), Length(max=_LONGEST)], filters=[lambda text: (text or "").strip()]
    )

    def fingerprint_parts(self) -> tuple[object, ...]:
        return ("scan", self.scan.data)


class PickUnitsForm(ActionForm):
    """The units that a person has picked, as they typed them; ``seen_units`` and ``seen_shipped`` are what their screen
    showed before."""

    units = CountField(say("Picked"))
    seen_units = SeenField(needed=True)
    seen_shipped = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return ("units", self.units.units, self.seen_units.number)
