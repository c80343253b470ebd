"""The settings of a store: a field for each, whatever settings there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.settings import DEFAULTS, LABELS, RULES, Texts, read_setting
from webapp.forms.fields import ActionForm
from webapp.languages import translate

SEEN: Final = "seen_"
"""Begins the name of the field with the value that the person saw."""


class SettingField(StringField):
    """A setting's value as a person types it; lists have a line, or semicolons, for each text."""

    @property
    def text(self) -> str:
        """Return the value as ``read_setting`` reads it. Usual reasons stay English inside, so that all languages have
        them."""
        text = self.data or ""
        if not isinstance(RULES[self.name], Texts):
            return text
        usual = {translate(reason): str(reason) for reason in getattr(DEFAULTS, self.name)}
        lines = (line.strip() for line in text.replace(";", "\n").splitlines())
        return "; ".join(usual.get(line, line) for line in lines)

    def pre_validate(self, form: object) -> None:
        if self.data is None:  # A form that was open when the program got this setting.
            return
        try:
            read_setting(self.name, self.text)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class EditedSetting(NamedTuple):
    """What a person wrote, and the value that they saw before."""

    text: str
    seen: str | None


class SettingsForm(ActionForm):
    """All settings. ``seen_<name>`` is the value that the person saw."""

    def edited(self) -> Mapping[str, EditedSetting]:
        """Return what was sent, by the setting's name."""
        return {
            name: EditedSetting(self[name].text, self[SEEN + name].data)
            for name in RULES
            if self[name].data is not None
        }

    def fingerprint_parts(self) -> tuple[object, ...]:
        return tuple(self.edited().items())


for _name, _label in LABELS.items():
    setattr(SettingsForm, _name, SettingField(_label))
    setattr(SettingsForm, SEEN + _name, HiddenField())
