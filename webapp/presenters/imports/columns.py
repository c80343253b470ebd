"""Which column of a file is which field: what a person chooses, what is missing, and the first rows read so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.import_jobs import ImportJob, ImportKind
from webapp.domain.wording import Wording
from webapp.languages import _, translate
from webapp.presenters.imports.job import ImportPreview
from webapp.presenters.imports.words import (
    COLUMN_WORDS,
    DATE_ORDERS,
    DECIMAL_SIGNS,
    DELIMITER_WORDS,
    KIND_WORDS,
    field_words,
)
from webapp.presenters.links import Links

MOST_TOGETHER: Final = 12
"""Columns of which none stands aside."""

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column: its place in the file, its title, its first values, and the field that it is; blank if not used."""

    place: int
    title: str
    samples: str
    field: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What is chosen now, as the file and the form have it."""

    kind: str
    columns: Sequence[ColumnRow]
    fields: Iterable[str]
    """What a column can be."""
    missing: Sequence[str]
    needs_product: bool
    """None of the fields that name a product has a column."""
    same_field: str
    """The field that may be the same in all rows."""
    same: str
    date_order: str
    decimal_sign: str
    delimiter: str
    is_spreadsheet: bool
    name: str
    shown: str
    seen: str
    more_columns: int


@dataclass(frozen=True, slots=True)
class ColumnsScreen:
    """The page on which a person says which column is which. Options are values with their words."""

    file_name: str
    job_path: str
    save_path: str
    preview_path: str
    key: str
    refusal: str
    choice: ColumnChoice
    columns: Sequence[ColumnRow]
    other_columns: Sequence[ColumnRow]
    """Of a wide file those that are not used; they stand aside."""
    missing: str
    more_columns: str
    kinds: Options
    fields: Options
    same_label: str
    date_orders: Options
    decimal_signs: Options
    delimiters: Options
    """Empty for a workbook, which has none."""
    preview: ImportPreview | None


def present_columns(
    job: ImportJob, choice: ColumnChoice, preview: ImportPreview | None, links: Links, key: str, refusal: str
) -> ColumnsScreen:
    """Build the page."""
    is_orders = choice.kind == ImportKind.ORDERS
    fields = sorted(((one, field_words(one)) for one in choice.fields), key=lambda one: _place_of(one[0]))
    is_wide = len(choice.columns) > MOST_TOGETHER
    return ColumnsScreen(
        columns=[one for one in choice.columns if one.field or not is_wide],
        other_columns=[one for one in choice.columns if is_wide and not one.field],
        file_name=job.file_name,
        job_path=links.import_job(job.id),
        save_path=links.import_columns(job.id),
        preview_path=links.preview_columns(job.id),
        key=key,
        refusal=refusal,
        choice=choice,
        missing=say_missing(choice.missing, needs_product=choice.needs_product),
        more_columns=_("%(count)s more columns are not used.", count=choice.more_columns)
        if choice.more_columns
        else "",
        kinds=[(kind.value, translate(KIND_WORDS[kind])) for kind in (ImportKind.ORDERS, ImportKind.STOCK)],
        fields=[("", _("Not used")), *fields],
        same_label=_("Channel of all orders, if no column says it")
        if is_orders
        else _("Place of all rows, if no column says it"),
        date_orders=_options(DATE_ORDERS) if is_orders else (),
        decimal_signs=_options(DECIMAL_SIGNS),
        delimiters=() if choice.is_spreadsheet else _options(DELIMITER_WORDS),
        preview=preview,
    )


def say_missing(missing: Sequence[str], *, needs_product: bool) -> str:
    """Say which fields an import needs and no column has; blank if none."""
    words = [field_words(name) for name in missing]
    if needs_product:
        words.append(_("SKU, GTIN or product"))
    return _("Not chosen yet: %(fields)s.", fields="; ".join(words)) if words else ""


def _options(words: Mapping[str, Wording]) -> list[tuple[str, str]]:
    return [(value, translate(one)) for value, one in words.items()]


def _place_of(name: str) -> int:
    return list(COLUMN_WORDS).index(name) if name in COLUMN_WORDS else len(COLUMN_WORDS)
