"""Products made of the lines that wait for them: what would be made, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from webapp.domain.unknown_lines import UnknownCode
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.pieces import Notice


class PlannedMatch(Protocol):
    """What would become of the lines with one code."""

    @property
    def unknown(self) -> UnknownCode: ...
    @property
    def name(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def gtin(self) -> str: ...
    @property
    def lines(self) -> int: ...
    @property
    def product_id(self) -> int | None: ...
    @property
    def is_doubtful(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A product, and what becomes of its lines; ``href`` leads a doubtful one to its match."""

    name: str
    sku: str
    gtin: str
    lines: str
    outcome: str
    href: str


@dataclass(frozen=True, slots=True)
class ProductsScreen:
    """The preview, and the button that makes it true."""

    rows: Sequence[PlanRow]
    button: str
    """Blank if there is nothing to make."""
    seen: str
    key: str
    refusal: str


def present_products(plans: Sequence[PlannedMatch], links: Links, seen: str, key: str, refusal: str) -> ProductsScreen:
    """Build the page from the plan."""
    new = sum(plan.product_id is None for plan in plans if not plan.is_doubtful)
    present = sum(plan.product_id is not None for plan in plans if not plan.is_doubtful)
    button = ngettext("Match %(num)s product", "Match %(num)s products", present) if present else ""
    return ProductsScreen(
        rows=[_row(plan, links) for plan in plans],
        button=ngettext("Make %(num)s product", "Make %(num)s products", new) if new else button,
        seen=seen,
        key=key,
        refusal=refusal,
    )


def products_words(products: int, lines: int) -> Notice:
    """Return the notice of what was made, and how its orders can ship."""
    words = [
        ngettext("%(num)s product is made.", "%(num)s products are made.", products),
        ngettext("%(num)s line is matched.", "%(num)s lines are matched.", lines),
    ]
    if products:
        words.append(_("Their stock is not counted yet: scan what you find, and it ships."))
    return Notice(" ".join(words))


def _row(plan: PlannedMatch, links: Links) -> PlanRow:
    outcome = _("New product") if plan.product_id is None else _("Is in the store: its lines are matched")
    return PlanRow(
        name=plan.name,
        sku=plan.sku,
        gtin=plan.gtin,
        lines=ngettext("%(num)s line", "%(num)s lines", plan.lines),
        outcome=_("Left to you: its codes are those of other products") if plan.is_doubtful else outcome,
        href=links.match(plan.unknown) if plan.is_doubtful else "",
    )
