"""Stores: another name and time zone, or another store."""

from __future__ import annotations

from webapp.domain.stores import read_store_code, read_store_name, read_time_zone
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.rule_fields import RuleField


class StoreForm(ActionForm):
    """A store's name and time zone."""

    store_name = RuleField(say("Name of the store"), read_store_name)
    time_zone = RuleField(say("Time zone"), read_time_zone)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.store_name.data, self.time_zone.data)


class NewStoreForm(StoreForm):
    """Another store."""

    code = RuleField(say("Short code"), read_store_code)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (*super().fingerprint_parts(), self.code.data)
