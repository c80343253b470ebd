"""The codes by which a product is scanned, with the forms that add and remove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from webapp.domain.codes import gtin14
from webapp.domain.stock import CodeChange, CodeRoad, StockedProduct, TaughtCode
from webapp.domain.wording import Wording, say
from webapp.languages import _, translate
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import person


@dataclass(frozen=True, slots=True)
class ProductCodeRow:
    """A code and what it stands for."""

    code: str
    units: str
    taught_by: str
    taught_at: Moment
    remove_path: str
    remove_words: str
    """The button's label for screen readers."""
    key: str


@dataclass(frozen=True, slots=True)
class CodeChangeRow:
    """An entry of the journal: which code, and what happened to it."""

    code: str
    sentence: str
    at: Moment


@dataclass(frozen=True, slots=True)
class CodesPanel:
    """A product's codes, and the form that adds one: its values, and why it was refused."""

    rows: tuple[ProductCodeRow, ...]
    journal: tuple[CodeChangeRow, ...]
    shared: str
    """Says that other products have its GTIN; empty unless they have."""
    action: str
    key: str
    code: str
    units: str
    errors: Mapping[str, str]
    message: str


def present_codes(
    product: StockedProduct,
    codes: Sequence[TaughtCode],
    journal: Sequence[CodeChange],
    links: Links,
    now: datetime,
    refusal: Refusal | None,
) -> CodesPanel:
    """Build the panel; a ``refusal`` keeps what was typed."""
    refusal = refusal or NO_REFUSAL
    own = product.gtin or ""
    is_shared = gtin14(own) is not None and own not in {one.code for one in codes}
    return CodesPanel(
        rows=tuple(_row(product, one, links, now) for one in codes),
        journal=tuple(_change(one, now) for one in journal),
        shared=_("Other products have the GTIN %(gtin)s, so its lines wait. Add it here if it is this one's.", gtin=own)
        if is_shared
        else "",
        action=links.product_codes(product.product_id),
        key=str(uuid4()),
        code=refusal.values.get("code", own if is_shared else ""),
        units=refusal.values.get("units", "1"),
        errors=refusal.errors,
        message=refusal.message,
    )


_ADDED: Final[dict[CodeRoad | None, Wording]] = {
    None: say("%(who)s added it, for %(units)s."),
    CodeRoad.SCREEN: say("%(who)s added it on a screen, for %(units)s."),
    CodeRoad.IMPORT: say("An import by %(who)s added it, for %(units)s."),
    CodeRoad.MERGE: say("A merge by %(who)s brought it, for %(units)s."),
}
_REMOVED: Final[dict[CodeRoad | None, Wording]] = {
    None: say("%(who)s removed it."),
    CodeRoad.SCREEN: say("%(who)s removed it on a screen."),
    CodeRoad.IMPORT: say("An import by %(who)s removed it."),
    CodeRoad.MERGE: say("A merge by %(who)s took it away."),
}


def _change(one: CodeChange, now: datetime) -> CodeChangeRow:
    pattern = translate((_REMOVED if one.is_removal else _ADDED)[one.road])
    sentence = pattern % {"who": person(one.changed_by), "units": words.units(one.units)}
    return CodeChangeRow(one.code, sentence, moment(one.changed_at, now))


def added_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of a code that was added, or was there."""
    if not result["is_new"]:
        return Notice(_("%(code)s was a code of this product already.", code=result["code"]), "info")
    return Notice(
        _("A scan of %(code)s finds this product: %(units)s.", code=result["code"], units=words.units(result["units"])),
        "success",
    )


def removed_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of a code that was removed."""
    if not result["code"]:
        return Notice(_("The code was removed before."), "info")
    return Notice(_("%(code)s is no code of this product any longer.", code=result["code"]), "success")


def _row(product: StockedProduct, one: TaughtCode, links: Links, now: datetime) -> ProductCodeRow:
    return ProductCodeRow(
        code=one.code,
        units=_("Case of %(units)s", units=words.units(one.units)) if one.units > 1 else words.units(one.units),
        taught_by=person(one.taught_by),
        taught_at=moment(one.taught_at, now),
        remove_path=links.remove_code(product.product_id, one.id),
        remove_words=_("Remove %(code)s", code=one.code),
        key=str(uuid4()),
    )
