"""A new channel, or another name and kind for one."""

from __future__ import annotations

from wtforms import HiddenField

from webapp.domain.channels import ChannelKind, read_channel_code, read_channel_kind, read_channel_name
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.rule_fields import RuleField


def read_optional_name(text: str) -> str:
    """Return a name that may be left out. Raises InvalidInput."""
    return read_channel_name(text) if text else ""


class ChannelForm(ActionForm):
    """A channel's name and kind."""

    name = RuleField(say("Name"), read_channel_name)
    kind = RuleField(say("Kind"), read_channel_kind)
    seen_name = HiddenField()
    seen_kind = HiddenField()

    @property
    def chosen_kind(self) -> ChannelKind:
        return ChannelKind(self.kind.data or "")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.name.data, self.kind.data)


class NewChannelForm(ChannelForm):
    """A channel before its first file."""

    name = RuleField(say("Name"), read_optional_name)
    code = RuleField(say("Code"), read_channel_code)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (*super().fingerprint_parts(), self.code.data)
