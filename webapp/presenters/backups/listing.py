"""Backups: whether there is a good one, and the last tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.backups import OLD, Backup, BackupState, last_finished, last_usable
from webapp.domain.wording import Wording, say
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import Moment, moment

NONE: Final = "none"
SHOWN: Final = 20
"""Tries on the page, the newest; ``flask backup list`` lists all."""

STATE_WORDS: Final[dict[BackupState, Wording]] = {
    BackupState.MAKING: say("in progress"),
    BackupState.SOUND: say("checked"),
    BackupState.BROKEN: say("damaged"),
    BackupState.UNCHECKED: say("not checked"),
    BackupState.FAILED: say("failed"),
}
_STATE_KINDS: Final = {
    BackupState.MAKING: "info",
    BackupState.SOUND: "success",
    BackupState.BROKEN: "danger",
    BackupState.UNCHECKED: "warning",
    BackupState.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup or try. ``kind`` is the colour of its state; ``detail`` is English, as the program noted it."""

    name: str
    began: Moment
    state: str
    kind: str
    size: str
    orders: str
    detail: str


@dataclass(frozen=True, slots=True)
class BackupsPanel:
    """``kind`` and ``title`` say whether there is a good backup, ``advice`` what to do."""

    kind: str
    title: str
    advice: str
    rows: Sequence[BackupRow]
    poll_path: str
    """Where to ask again while one is being made; empty if none is."""


def present_backups(backups: Sequence[Backup], now: datetime, links: Links, after: str | None) -> BackupsPanel:
    """Build the panel from all tries, the newest first.

    ``after`` names the newest try before the person started one ("none" without any), which has yet to appear.
    """
    newest = backups[0].name if backups else NONE
    is_making = any(backup.state is BackupState.MAKING for backup in backups)
    kind, title, advice = _verdict(backups, now, is_begun=is_making or after == newest)
    return BackupsPanel(
        kind=kind,
        title=title,
        advice=advice,
        rows=[_row(backup, now) for backup in backups[:SHOWN]],
        poll_path=links.backup_list(after=after) if after == newest else links.backup_list() if is_making else "",
    )


def _verdict(backups: Sequence[Backup], now: datetime, *, is_begun: bool) -> tuple[str, str, str]:
    """Return a notice's kind, title and message; ``is_begun``: one is being made, or about to be."""
    good, last = last_usable(backups), last_finished(backups)
    if good is None:
        if last:
            return "danger", _("No backup can be used"), _("The list says what went wrong.")
        if is_begun:
            return "info", _("The first backup is being made"), _("This page says when it is checked.")
        return "warning", _("There is no backup yet"), _("Make one now, and let the machine make one every night.")
    age = moment(good.began_at, now).words
    if last is not good:
        return "warning", _("The last try failed; the last good backup: %(age)s", age=age), _("The list says why.")
    if now - good.began_at > OLD:
        return "warning", _("The last backup is old: %(age)s", age=age), _("Let the machine make one every night.")
    if good.state is BackupState.UNCHECKED:
        return "warning", _("The last backup was not checked: %(age)s", age=age), _("The list says why.")
    return (
        "success",
        _("The last backup is good: %(age)s", age=age),
        _("It was restored aside, and its stock is right."),
    )


def _row(backup: Backup, now: datetime) -> BackupRow:
    has_file = bool(backup.bytes)
    return BackupRow(
        name=backup.name,
        began=moment(backup.began_at, now),
        state=STATE_WORDS[backup.state],
        kind=_STATE_KINDS[backup.state],
        size=_("%(megabytes)s MB", megabytes=number(max(1, round(backup.bytes / 1_000_000)))) if has_file else "",
        orders=ngettext("%(num)s order", "%(num)s orders", backup.orders) if has_file and backup.orders else "",
        detail=backup.detail,
    )
