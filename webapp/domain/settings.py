"""A store's settings: each with its type, default and allowed values.

A new setting is a field of ``StoreSettings``, and the code that uses it. A store that never set it has the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, Final

from webapp.domain.errors import InvalidInput
from webapp.domain.quantities import MAX_QUANTITY
from webapp.domain.reasons import is_storable
from webapp.domain.usual_reasons import (
    ADD_REASONS,
    CANCEL_REASONS,
    COUNT_REASONS,
    OTHER,
    RETURN_REASONS,
    TAKE_REASONS,
)
from webapp.domain.wording import Wording, say

_RULE: Final = "rule"
_LABEL: Final = "label"
_HELP: Final = "help"
_EFFECT: Final = "effect"


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def read(self, text: str) -> int:
        """Return the number that ``text`` writes in digits. Raises InvalidInput."""
        is_short_number = text.isascii() and text.isdigit() and len(text) <= len(str(self.most))
        if not is_short_number or not self.least <= int(text) <= self.most:
            raise InvalidInput(
                say(
                    "“%(value)s” is not a whole number from %(least)s to %(most)s.",
                    value=text[:40],
                    least=self.least,
                    most=self.most,
                )
            )
        return int(text)

    def write(self, value: int) -> str:
        """Return ``value`` as a person would type it."""
        return str(value)

    def load(self, stored: Any) -> int | None:
        """Return the stored number; None for any other stored value."""
        return stored if type(stored) is int and self.least <= stored <= self.most else None


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """Yes or no."""

    def read(self, text: str) -> bool:
        """Return whether ``text`` is "yes". Raises InvalidInput unless it is "yes" or "no"."""
        if text.casefold() not in ("yes", "no"):
            raise InvalidInput(say("“%(value)s” is neither yes nor no.", value=text[:40]))
        return text.casefold() == "yes"

    def write(self, value: bool) -> str:
        """Return ``value`` as a person would type it."""
        return "yes" if value else "no"

    def load(self, stored: Any) -> bool | None:
        """Return the stored value; None for any other stored value."""
        return stored if isinstance(stored, bool) else None


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts to choose from, separated by semicolons: at most ``most``, each of at most ``length``
    characters."""

    most: int
    length: int

    def read(self, text: str) -> tuple[str, ...]:
        """Return the texts without “Other”, which every list has.

        Raises InvalidInput for no text, too many, a duplicate, or one that is too long.
        """
        texts = tuple(part.strip() for part in text.split(";") if part.strip() not in ("", OTHER))
        if not texts or len(texts) > self.most or len(set(texts)) < len(texts):
            raise InvalidInput(
                say("Write 1 to %(most)s different texts, with semicolons or on lines of their own.", most=self.most)
            )
        if any(len(one) > self.length or not is_storable(one) for one in texts):
            raise InvalidInput(say("Each text has at most %(length)s characters.", length=self.length))
        return texts

    def write(self, value: Sequence[str]) -> str:
        """Return ``value`` as a person would type it."""
        return "; ".join(map(str, value))

    def load(self, stored: Any) -> tuple[str, ...] | None:
        """Return the stored texts; None for any other stored value."""
        texts = stored if isinstance(stored, list) and len(stored) <= self.most else []
        are_texts = all(isinstance(one, str) and one.strip() and len(one) <= self.length for one in texts)
        return tuple(texts) if texts and are_texts else None


def _number(default: int, label: Wording, help_: Wording, effect: Wording, *, least: int, most: int) -> Any:
    return field(default=default, metadata=_words(WholeNumber(least, most), label, help_, effect))


def _yes_or_no(default: bool, label: Wording, help_: Wording, effect: Wording) -> Any:
    return field(default=default, metadata=_words(YesOrNo(), label, help_, effect))


def _reasons(default: Sequence[str], label: Wording, help_: Wording) -> Any:
    offered = tuple(reason for reason in default if reason != OTHER)
    return field(default=offered, metadata=_words(Texts(most=20, length=60), label, help_, _REASONS_EFFECT))


_REASONS_EFFECT: Final = say("“Other” always comes last. Trails keep the reasons that were given before.")


def _words(rule: Rule, label: Wording, help_: Wording, effect: Wording) -> dict[str, Any]:
    """Return what a setting brings along: its rule, its name, what it is, and what a change of it does."""
    return {_RULE: rule, _LABEL: label, _HELP: help_, _EFFECT: effect}


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """One store's settings. Lists of reasons leave out “Other”, which every screen adds at the end."""

    undo_minutes: int = _number(
        15,
        say("Time to undo"),
        say("Minutes in which a shipped line can be undone."),
        say("Counts at once, for what shipped before too. With 0 nothing can be undone."),
        least=0,
        most=7 * 24 * 60,
    )
    assignment_minutes: int = _number(
        30,
        say("Time to keep an order"),
        say("Minutes without an act after which an order is nobody's again."),
        say("Counts at once, for orders that somebody has now too."),
        least=5,
        most=24 * 60,
    )
    ship_within_hours: int = _number(
        48,
        say("Time to ship"),
        say("Hours from order to promised shipping, for orders without a date of their own."),
        say("Holds for orders that come in from now on."),
        least=1,
        most=8760,
    )
    low_stock: int = _number(
        5,
        say("Low stock"),
        say("Units available at which a product runs low."),
        say("The stock list counts and marks such products at once."),
        least=0,
        most=MAX_QUANTITY,
    )
    start_imported_orders: bool = _yes_or_no(
        False,
        say("Start orders by themselves"),
        say("Whether imported orders are started, and their stock reserved, as they come in."),
        say("Holds for the next import. With “no” a manager starts each order."),
    )
    reserve_orders_on_hold: bool = _yes_or_no(
        True,
        say("Reserve for orders on hold"),
        say("Whether orders that come in on hold are started by themselves, and their stock reserved, like others."),
        say("Holds for the next import. With “no” they start when they are released."),
    )
    count_from_zero: bool = _yes_or_no(
        False,
        say("Count from 0"),
        say("Whether items with a code start at 0 on the pick screen, to be scanned or entered."),
        say("Holds for pick screens opened from now on. With “no” the field starts with all that is reserved."),
    )
    cancel_reasons: tuple[str, ...] = _reasons(
        CANCEL_REASONS, say("Cancelling"), say("Reasons offered for cancelling.")
    )
    return_reasons: tuple[str, ...] = _reasons(RETURN_REASONS, say("Returns"), say("Reasons offered for returns."))
    add_reasons: tuple[str, ...] = _reasons(
        ADD_REASONS, say("Adding units"), say("Reasons offered for adding units at a place.")
    )
    take_reasons: tuple[str, ...] = _reasons(
        TAKE_REASONS, say("Taking units"), say("Reasons offered for taking units off a place.")
    )
    count_reasons: tuple[str, ...] = _reasons(
        COUNT_REASONS, say("Counting"), say("Reasons offered for counting a place.")
    )

    @property
    def undo_window(self) -> timedelta:
        """How long a shipped line can be undone."""
        return timedelta(minutes=self.undo_minutes)

    @property
    def idle_time(self) -> timedelta:
        """How long an order stays somebody's while they do nothing."""
        return timedelta(minutes=self.assignment_minutes)


Rule = WholeNumber | YesOrNo | Texts

RULES: Final[dict[str, Rule]] = {one.name: one.metadata[_RULE] for one in fields(StoreSettings)}
"""Each setting's rule, by name."""

LABELS: Final[dict[str, Wording]] = {one.name: one.metadata[_LABEL] for one in fields(StoreSettings)}
"""Each setting's short name for people, by name."""

HELP: Final[dict[str, Wording]] = {one.name: one.metadata[_HELP] for one in fields(StoreSettings)}
"""Each setting's description, by name."""

EFFECTS: Final[dict[str, Wording]] = {one.name: one.metadata[_EFFECT] for one in fields(StoreSettings)}
"""What a change of each setting does, and from when, by name."""


def load_settings(stored: Mapping[str, Any] | None) -> StoreSettings:
    """Return the settings from stored values by name; unknown names are ignored.

    An invalid value counts as not set: otherwise every request of the store would fail.
    """
    if not stored:
        return DEFAULTS
    values: dict[str, Any] = {name: RULES[name].load(value) for name, value in stored.items() if name in RULES}
    return StoreSettings(**{name: value for name, value in values.items() if value is not None})


def read_setting(name: str, text: str) -> Any:
    """Return the value of a setting that a person typed. Raises InvalidInput for an unknown name or an invalid
    value."""
    if name not in RULES:
        raise InvalidInput(
            say("There is no setting “%(name)s”. The settings are: %(names)s.", name=name[:40], names=", ".join(RULES))
        )
    return RULES[name].read(text.strip())


def write_setting(settings: StoreSettings, name: str) -> str:
    """Return a setting's value as a person would type it."""
    return RULES[name].write(getattr(settings, name))


DEFAULTS: Final = StoreSettings()
"""The settings of a store that never set any."""
