"""The list of open stock exceptions: what is wrong, since when, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.causes import CAUSES, UPSTREAM_CAUSES, Cause
from webapp.domain.open_exceptions import OpenException
from webapp.domain.statuses import OrderStatus
from webapp.domain.wording import Wording, say
from webapp.languages import _, ngettext, translate
from webapp.presenters.decisions.causes import LOOKS
from webapp.presenters.decisions.tiles import DecisionCounts, Tile, present_decisions
from webapp.presenters.exports.ways import export_ways
from webapp.presenters.links import Links, with_query
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, due, moment
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.pieces import Link, Notice, View
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import person
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NextStep:
    """An action offered for the exception."""

    label: str
    answer: str
    """The button's label for screen readers; it begins with the visible label."""

    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class ExceptionPanel:
    """One order's exception: a line under its product."""

    anchor: str
    exception_id: int
    units: str
    order_href: str
    order_number: str
    order_status: OrderStatus
    customer: str
    due: Moment | None
    """When the order is to ship; None once the order no longer waits."""

    is_late: bool
    opened: Sentence
    """Who opened it, and when."""
    cancelling: NextStep | None
    """Cancels what is left of the line; None without units left, and for people who may only look."""

    closure_path: str
    """Where to close it by hand; empty for people who may only look."""

    key: str
    resolution: str
    resolution_error: str
    message: str
    about: str
    """The order and the line, for screen readers."""

    is_open: bool
    """The form is open, because closing was refused."""


@dataclass(frozen=True, slots=True)
class ProductExceptions:
    """A product's exceptions with one cause, on one page of the list: what is wrong, and what helps all of them."""

    cause: str
    advice: str
    name: str
    sku: str
    gtin: str
    picture: str | None
    units: str
    """How many are missing in all; empty for a single exception."""
    remedy: NextStep | None
    """None for people who may only look."""
    panels: tuple[ExceptionPanel, ...]


@dataclass(frozen=True, slots=True)
class ExceptionListScreen:
    title: str
    about: str
    tiles: tuple[Tile, ...]
    """Counts of everything else to decide; empty for people who do not decide."""

    is_all_calm: bool
    """The tiles count nothing."""

    causes: tuple[View, ...]

    groups: tuple[ProductExceptions, ...]
    message: str
    """Why closing was refused, when the exception is no longer on this page."""

    done: Notice | None
    """What the person has just done."""

    is_filtered: bool
    next_href: str | None
    first_href: str | None
    export_ways: tuple[Link, ...]
    """The whole list as a file; empty for people who may not export."""


@dataclass(frozen=True, slots=True)
class ClosureRefusal:
    """Why an exception could not be closed."""

    exception_id: int
    refusal: Refusal = NO_REFUSAL


def present_exceptions(
    exceptions: Sequence[OpenException],
    cause: Cause | None,
    viewer: Viewer,
    links: Links,
    here: Mapping[str, str],
    now: datetime,
    *,
    waiting: DecisionCounts | None,
    next_cursor: str | None,
    refused: ClosureRefusal | None = None,
    done: Notice | None = None,
) -> ExceptionListScreen:
    """Build one page of the list, for the query parameters ``here``; ``waiting`` counts what else is to decide."""
    first = {name: value for name, value in here.items() if name != "cursor"}
    shown = refused is None or any(one.exception_id == refused.exception_id for one in exceptions)

    def panel(exception: OpenException) -> ExceptionPanel:
        return _panel(exception, viewer, links, here, now, refused)

    return ExceptionListScreen(
        title=_("To decide") if waiting else _("Exceptions"),
        about=_("What is waiting for you, and units that stock could not cover, the most urgent first.")
        if waiting
        else _("Units that stock could not cover, the most urgent first. Each stays until somebody settles it."),
        tiles=present_decisions(waiting, links) if waiting else (),
        is_all_calm=waiting is not None and waiting.is_none,
        causes=_causes(cause, links, waiting),
        groups=tuple(_group(alike, panel, viewer, links) for alike in _alike(exceptions)),
        message="" if shown or refused is None else refused.refusal.words,
        done=done,
        is_filtered=cause is not None,
        next_href=links.exceptions(**first, cursor=next_cursor) if next_cursor else None,
        first_href=links.exceptions(**first) if first != here else None,
        export_ways=export_ways(
            links.export_exceptions, links.export_exceptions_xlsx, first, may_export=viewer.may_export
        ),
    )


def _causes(chosen: Cause | None, links: Links, waiting: DecisionCounts | None) -> tuple[View, ...]:
    # Above the counting limit only "many" is known, not the single counts.
    is_exact = waiting is not None and waiting.open_exceptions <= words.MOST_COUNTED
    exact = waiting.exceptions if waiting and is_exact else {}
    every = View(
        _("All"), links.exceptions(), chosen is None, words.counted(waiting.open_exceptions) if waiting else ""
    )

    def how_many(cause: Cause) -> str:
        return words.counted(exact.get(cause, 0)) if is_exact else ""

    return every, *(
        View(translate(look.tab), links.exceptions(cause=one), one is chosen, how_many(one))
        for one, look in LOOKS.items()
        # What the shop changed too late is rare: it has a view while there is some.
        if one not in UPSTREAM_CAUSES or exact.get(one) or one is chosen or not is_exact
    )


def closed_words(result: Mapping[str, str]) -> Notice:
    """Return the notice after closing an exception, now or in an earlier request."""
    how = reason_words(result["resolution"])
    if result["resolution"] != result["asked"]:
        text = _("%(who)s already closed the exception: %(how)s", who=person(result["closed_by"]), how=how)
        return Notice(text, "info")
    return Notice(_("Closed: %(how)s", how=how))


def _alike(exceptions: Sequence[OpenException]) -> Iterable[list[OpenException]]:
    """Return the exceptions of one product with one cause and advice together, in the order of their first."""
    groups: dict[tuple[object, ...], list[OpenException]] = {}
    for one in exceptions:
        groups.setdefault((one.cause, one.product_id, one.sku, one.gtin, _advice(one)), []).append(one)
    return groups.values()


def _advice(exception: OpenException) -> str:
    return LOOKS[exception.cause].advice(exception)


def _group(
    alike: Sequence[OpenException], panel: Callable[[OpenException], ExceptionPanel], viewer: Viewer, links: Links
) -> ProductExceptions:
    first = alike[0]
    return ProductExceptions(
        cause=translate(CAUSES[first.cause].words),
        advice=_advice(first),
        name=_name(first),
        sku=first.sku,
        gtin=first.gtin or "",
        picture=first.picture,
        units=_missing(sum(one.quantity for one in alike)) if len(alike) > 1 else "",
        remedy=_step(first, *LOOKS[first.cause].remedy(first, links)) if viewer.may_manage else None,
        panels=tuple(map(panel, alike)),
    )


def _missing(units: int) -> str:
    return ngettext("%(num)s unit missing", "%(num)s units missing", units)


def _name(exception: OpenException) -> str:
    return exception.label or _("a line without a name")


def _panel(
    exception: OpenException,
    viewer: Viewer,
    links: Links,
    here: Mapping[str, str],
    now: datetime,
    refused: ClosureRefusal | None,
) -> ExceptionPanel:
    refusal = refused.refusal if refused and refused.exception_id == exception.exception_id else None
    return ExceptionPanel(
        anchor=f"exception-{exception.exception_id}",
        exception_id=exception.exception_id,
        units=_missing(exception.quantity),
        order_href=links.order(exception.order_id),
        order_number=exception.order_number,
        order_status=exception.order_status,
        customer=exception.customer_name,
        due=due(exception.ship_by, now) if exception.is_due else None,
        is_late=exception.is_due and exception.ship_by < now,
        opened=fill_in(
            _("Raised by %(who)s, %(when)s"),
            ("who",),
            who=person(exception.opened_by),
            when=moment(exception.opened_at, now),
        ),
        cancelling=_cancelling(exception, links) if viewer.may_manage else None,
        closure_path=with_query(links.close_exception(exception.exception_id), **here) if viewer.may_manage else "",
        key=str(uuid4()),
        resolution=refusal.values.get("resolution", "") if refusal else "",
        resolution_error=refusal.errors.get("resolution", "") if refusal else "",
        message=refusal.message if refusal else "",
        about=_about(exception),
        is_open=refusal is not None,
    )


def _cancelling(exception: OpenException, links: Links) -> NextStep | None:
    if not exception.remaining_quantity:
        return None
    return _step(exception, say("Cancel units"), links.cancel_item(exception.order_id, exception.item_id), "ban")


def _step(exception: OpenException, label: Wording, href: str, icon: str) -> NextStep:
    text = translate(label)
    return NextStep(text, f"{text}: {_about(exception)}", href, icon)


def _about(exception: OpenException) -> str:
    """Name the order and the line, for screen readers."""
    return _("%(product)s, order %(number)s", product=_name(exception), number=exception.order_number)
