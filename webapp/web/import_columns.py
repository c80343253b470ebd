"""Saying which column of a file is which field, for managers: choose, see the first rows so, save it under a name."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath

from flask import Blueprint, Response, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.errors import DamagedFile, InvalidInput
from webapp.domain.import_jobs import AT_WORK, MAPPED, MAY_CHECK, ImportJob, ImportKind, JobState
from webapp.domain.operation_ids import new_operation_id
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.imports import ColumnsForm
from webapp.languages import _, time_zone, translate
from webapp.presenters.imports.columns import ColumnChoice, ColumnRow, present_columns, say_missing
from webapp.presenters.imports.job import ImportPreview, preview_of
from webapp.presenters.refusals import Refusal
from webapp.processes import Locked
from webapp.services.imports import jobs
from webapp.services.imports.column_choice import CONSTANTS, MOST_COLUMNS, FileColumns, choose, look_at
from webapp.services.imports.column_mappings import (
    ColumnMapping,
    DateOrder,
    FileKind,
    check_mapping,
    fields_of,
    guess_mapping,
    mapping_of_json,
    mark_of,
)
from webapp.services.imports.columns import Field
from webapp.services.imports.file_shape import DELIMITERS
from webapp.services.imports.job_files import JobFiles
from webapp.services.imports.reading import Source
from webapp.services.imports.recognition import Recognised, first_rows
from webapp.services.imports.saved_mappings import MAX_MAPPING_NAME, MappingTaken, list_mappings, save_mapping
from webapp.web.answers import go_to, page_or_panel
from webapp.web.import_starting import find_job, hold, start_work, stored_files
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("import_columns", __name__)


@blueprint.get("/imports/<id:job_id>/columns")
@requires(MANAGERS)
def edit(job_id: int) -> BaseResponse:
    """Show each column with its first values, and what it is likely to be."""
    job, files = find_job(job_id), stored_files()
    if not _may_choose(job, files):
        return go_to(links().import_job(job_id))
    mapping = _of_job(job)
    return _page(job, files, mapping, None)


@blueprint.post("/imports/<id:job_id>/columns/preview")
@requires(MANAGERS)
def preview(job_id: int) -> BaseResponse:
    """Show the first rows as they would be read; nothing is saved."""
    job, files, form = find_job(job_id), stored_files(), ColumnsForm()
    if not _may_choose(job, files):
        return go_to(links().import_job(job_id))
    return _page(job, files, _how(job, form), form)


@blueprint.post("/imports/<id:job_id>/columns")
@requires(MANAGERS)
def update(job_id: int) -> BaseResponse:
    """Save the choice under its name, and check the file by it."""
    job, files, form = find_job(job_id), stored_files(), ColumnsForm()
    if not _may_choose(job, files):
        return go_to(links().import_job(job_id))
    how = _how(job, form)
    try:
        mapping = _chosen(_look(job, files, how), how, form)
        check_mapping(mapping)
    except (DamagedFile, InvalidInput) as refusal:
        return _page(job, files, how, form, translate(refusal.message), refusal.status)
    if form.shown.data != f"{mapping.kind} {mapping.headers}":
        return _page(job, files, how, form, _("The columns have changed. Look at them, then save."), 409)
    if missing := _missing_words(mapping, _look(job, files, how).header):
        return _page(job, files, how, form, missing, 422)
    seen: dict[str, str] = {}

    def save(session: Session) -> None:
        try:
            name = save_mapping(session, g.store_id, form.name.data or "", mapping, g.actor, form.seen.data or "")
        except MappingTaken as taken:
            seen["mark"] = taken.data["mark"]
            raise
        holds = Recognised(ImportKind(mapping.kind.value), MAPPED, {**mapping.as_json(), "name": name})
        jobs.read_as(session, g.store_id, job.id, holds, job.reference)

    try:
        with hold(files, job_id):
            saved = perform(form, save, "columns", job_id)
    except Locked:
        return _page(job, files, how, form, _("Somebody is checking this file just now. Try again."), 409)
    if isinstance(saved, Refusal):
        return _page(job, files, how, form, saved.words, saved.status, seen.get("mark"))
    start_work(files, job, JobState.CHECKING, MAY_CHECK)
    return go_to(links().import_job(job_id))


def usual_place() -> str:
    """Return where the units of a file are that names no place: small shops have one room, and do not say so."""
    return _("Stockroom")


def _may_choose(job: ImportJob, files: JobFiles) -> bool:
    can_change = job.state in MAY_CHECK and job.state not in AT_WORK
    return can_change and job.kind is not ImportKind.PICTURES and files.has(job)


def _of_job(job: ImportJob) -> ColumnMapping:
    """Return the mapping that the job has, to begin with; an empty one if it has none that makes sense."""
    with suppress(InvalidInput):
        if job.mapping:
            return mapping_of_json(job.mapping)
    return ColumnMapping(FileKind(job.kind.value))


def _how(job: ImportJob, form: ColumnsForm) -> ColumnMapping:
    """Return what the form says of the file as a whole; what no page offers is left to be recognised."""
    kind, order, sign, delimiter = (
        one.data or "" for one in (form.kind, form.date_order, form.decimal_sign, form.delimiter)
    )
    return ColumnMapping(
        kind=FileKind(kind) if kind in list(FileKind) else FileKind.ORDERS,
        date_order=DateOrder(order) if order in list(DateOrder) else DateOrder.FROM_FILE,
        decimal_sign=sign if sign in (",", ".") else "",
        delimiter=delimiter if delimiter and delimiter in DELIMITERS else "",
        encoding=_of_job(job).encoding,
    )


def _source(job: ImportJob, files: JobFiles, how: ColumnMapping) -> Source:
    return Source(files.path_of(job.id, job.file_hash), how.encoding, how.delimiter)


def _look(job: ImportJob, files: JobFiles, how: ColumnMapping) -> FileColumns:
    return look_at(_source(job, files, how))


def _chosen(file: FileColumns, how: ColumnMapping, form: ColumnsForm | None) -> ColumnMapping:
    """Return the mapping as chosen; a guess, if the form was about another kind or other titles."""
    shown = f"{how.kind} {mark_of(file.header)}"
    if form is not None and form.shown.data == shown:
        return choose(how, file.header, form.choices, {CONSTANTS[how.kind]: " ".join((form.same.data or "").split())})
    if how.columns and {title for titles in how.columns.values() for title in titles} <= set(file.header):
        return replace(how, headers=mark_of(file.header))
    guessed = guess_mapping(file.header, how.kind, file.samples, usual_place())
    return replace(
        how,
        columns=guessed.columns,
        constants=guessed.constants,
        decimal_sign=guessed.decimal_sign,
        headers=mark_of(file.header),
    )


def _page(
    job: ImportJob,
    files: JobFiles,
    how: ColumnMapping,
    form: ColumnsForm | None,
    refusal: str = "",
    status: int = 200,
    seen: str | None = None,
) -> Response:
    """Render the page as chosen so far, or its panel for htmx."""
    try:
        file = _look(job, files, how)
    except DamagedFile as damage:
        file, refusal, status = FileColumns((), (), is_spreadsheet=False), translate(damage.message), 422
    mapping = _chosen(file, how, form)
    choice = _choice(job, file, mapping, form)
    if seen is not None:
        choice = replace(choice, seen=seen)
    key = (form.idempotency_key.key if form is not None else None) or new_operation_id()
    screen = present_columns(job, choice, _first_rows(job, files, mapping, file.header), links(), key, refusal)
    return page_or_panel("pages/imports/columns.html", "panels/imports/_columns.html", status=status, screen=screen)


def _choice(job: ImportJob, file: FileColumns, mapping: ColumnMapping, form: ColumnsForm | None) -> ColumnChoice:
    field_of = {title: one.value for one, titles in mapping.columns.items() for title in titles}
    missing = mapping.as_format("").missing_in(file.header)
    same_field = CONSTANTS[mapping.kind]
    saved = {one.name: one.mark for one in list_mappings(db.session(), g.store_id)}
    name = job.mapping_name or _likely_name(job.file_name)
    return ColumnChoice(
        kind=mapping.kind.value,
        columns=[
            ColumnRow(place, title, " · ".join(samples), field_of.get(title, ""))
            for place, (title, samples) in enumerate(zip(file.header, file.samples, strict=False))
            if title
        ],
        fields=[one.value for one in fields_of(mapping.kind)],
        missing=[one.value for one in missing if not _is_product(mapping, one)],
        needs_product=any(_is_product(mapping, one) for one in missing),
        same_field=same_field.value,
        same=mapping.constants.get(same_field, "") or (form.same.data or "" if form is not None else ""),
        date_order=mapping.date_order.value,
        decimal_sign=mapping.decimal_sign,
        delimiter=mapping.delimiter,
        is_spreadsheet=file.is_spreadsheet,
        name=(form.name.data or "") if form is not None else name,
        shown=f"{mapping.kind} {mark_of(file.header)}",
        seen=(form.seen.data or "") if form is not None else saved.get(job.mapping_name, ""),
        more_columns=max(len(file.header) - MOST_COLUMNS, 0),
    )


def _missing_words(mapping: ColumnMapping, header: tuple[str, ...]) -> str:
    missing = mapping.as_format("").missing_in(header)
    named = [one.value for one in missing if not _is_product(mapping, one)]
    return say_missing(named, needs_product=any(_is_product(mapping, one) for one in missing))


def _is_product(mapping: ColumnMapping, field: Field) -> bool:
    """Return whether the missing field stands for any that names a product."""
    return field is Field.SKU and mapping.kind is FileKind.ORDERS


def _first_rows(
    job: ImportJob, files: JobFiles, mapping: ColumnMapping, header: tuple[str, ...]
) -> ImportPreview | None:
    if not header or mapping.as_format("").missing_in(header):
        return None
    seen = first_rows(_source(job, files, mapping), mapping.as_format("mapping"), time_zone())
    return preview_of(seen.fields, seen.rows, (), seen.problem)


def _likely_name(file_name: str) -> str:
    """Return the file's name without its extension and its dates: what the next file will be called, too."""
    words = re.sub(r"[\W\d_]+", " ", PurePath(file_name).name.partition(".")[0]).strip()
    return words[:MAX_MAPPING_NAME].capitalize()
