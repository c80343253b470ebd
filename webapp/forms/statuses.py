"""Set an order's status."""

from __future__ import annotations

from wtforms import StringField

from webapp.forms.fields import ActionForm


class StatusForm(ActionForm):
    """The new status; the service decides whether it is allowed."""

    status = StringField("Status")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.status.data or "",)
