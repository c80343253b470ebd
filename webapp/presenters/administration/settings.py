"""The page of a store's settings: what each is, what it is set to, by whom, and what a change does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from webapp.domain.settings import (
    DEFAULTS,
    EFFECTS,
    HELP,
    LABELS,
    RULES,
    StoreSettings,
    Texts,
    WholeNumber,
    YesOrNo,
    write_setting,
)
from webapp.domain.wording import say
from webapp.languages import _, translate
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal

_YES_NO: Final = {True: say("yes"), False: say("no")}


class LastChange(Protocol):
    """Who set a setting last, and when."""

    @property
    def changed_by(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting. ``kind`` is number, yes_no or texts; ``seen`` goes back with the form."""

    name: str
    label: str
    help: str
    effect: str
    kind: str
    text: str
    seen: str
    default: str
    is_default: bool
    changed_by: str
    changed: Moment | None
    error: str | None

    @property
    def lines(self) -> int:
        """Return how many lines the text has."""
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together. ``effect`` is that of all of them, empty if they differ."""

    title: str
    effect: str
    rows: Sequence[SettingRow]


@dataclass(frozen=True, slots=True)
class SettingsScreen:
    groups: Sequence[SettingGroup]
    yes_no: Sequence[Option]
    refusal: str
    """A message about the whole form; empty when the fields say everything."""


def present_settings(
    settings: StoreSettings,
    changes: Mapping[str, LastChange],
    now: datetime,
    refusal: Refusal = NO_REFUSAL,
    stale: Mapping[str, str] | None = None,
) -> SettingsScreen:
    """Return all settings. ``stale`` has the present values of those that somebody else set meanwhile, by name."""
    rows = [_row(name, settings, changes.get(name), now, refusal, stale or {}) for name in RULES]
    message = refusal.message or (
        _("Nothing is saved yet: look at the marked settings.") if refusal.errors or stale else ""
    )
    return SettingsScreen(
        groups=[
            _group(_("Orders and stock"), [row for row in rows if row.kind != "texts"]),
            _group(_("Reasons to choose from"), [row for row in rows if row.kind == "texts"]),
        ],
        yes_no=[Option(YesOrNo().write(value), translate(words)) for value, words in _YES_NO.items()],
        refusal=message,
    )


def _group(title: str, rows: Sequence[SettingRow]) -> SettingGroup:
    effects = {row.effect for row in rows}
    return SettingGroup(title, effects.pop() if len(effects) == 1 else "", rows)


def _row(
    name: str,
    settings: StoreSettings,
    change: LastChange | None,
    now: datetime,
    refusal: Refusal,
    stale: Mapping[str, str],
) -> SettingRow:
    error = refusal.errors.get(name)
    if name in stale:
        who, value = change.changed_by if change else "", _shown(name, settings, "; ")
        error = _("%(who)s has set this to “%(value)s” meanwhile. To have yours, save again.", who=who, value=value)
    return SettingRow(
        name=name,
        label=translate(LABELS[name]),
        help=translate(HELP[name]),
        effect=translate(EFFECTS[name]),
        kind=_kind(name),
        text=refusal.values.get(name) or _field_text(name, settings),
        seen=write_setting(settings, name),
        default=_shown(name, DEFAULTS, "; "),
        is_default=getattr(settings, name) == getattr(DEFAULTS, name),
        changed_by=change.changed_by if change else "",
        changed=moment(change.changed_at, now) if change else None,
        error=error,
    )


def _kind(name: str) -> str:
    match RULES[name]:
        case WholeNumber():
            return "number"
        case YesOrNo():
            return "yes_no"
        case Texts():
            return "texts"


def _field_text(name: str, settings: StoreSettings) -> str:
    return write_setting(settings, name) if _kind(name) == "yes_no" else _shown(name, settings, "\n")


def _shown(name: str, settings: StoreSettings, separator: str) -> str:
    """Return a value as its reader says it: usual reasons in their language."""
    value = getattr(settings, name)
    if isinstance(value, bool):
        return translate(_YES_NO[value])
    return separator.join(map(translate, value)) if isinstance(value, tuple) else write_setting(settings, name)
