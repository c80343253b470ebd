"""Imports on screens, for managers: send a file, see what it would change, import it, and read what became of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from flask import Blueprint, Response, abort, current_app, flash, g, render_template, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.errors import DamagedFile
from webapp.domain.import_jobs import AT_WORK, MAPPED, MAY_CHECK, MAY_RUN, ImportJob, ImportKind, JobState
from webapp.domain.operation_ids import new_operation_id
from webapp.domain.roles import MANAGERS
from webapp.domain.uploads import FILE_FIELD, MAX_UPLOAD_BYTES
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.imports import ReadingForm
from webapp.languages import _, time_zone, translate
from webapp.presenters.imports.job import ImportPreview, present_job, present_panel, preview_of
from webapp.presenters.imports.listing import present_imports
from webapp.presenters.refusals import Refusal
from webapp.processes import Locked
from webapp.services.imports import jobs
from webapp.services.imports.job_files import JobFiles, StoredFile
from webapp.services.imports.recognition import (
    FORMATS,
    Recognised,
    first_rows,
    kind_of_mapping,
    recognise,
    source_of,
    table_of_job,
)
from webapp.services.imports.saved_mappings import usable_mappings
from webapp.services.imports.templates import TEMPLATES, template_rows
from webapp.services.reads import unknown_lines
from webapp.services.reads.orders_to_start import WaitingOrders, orders_to_start
from webapp.web.answers import go_to
from webapp.web.import_columns import usual_place
from webapp.web.import_entries import show_entries
from webapp.web.import_starting import find_job, hold, is_held, start_work, stored_files
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.uploads import NoFile, receive, takes_files

blueprint = Blueprint("imports", __name__)


@blueprint.get("/imports")
@requires(MANAGERS)
def index() -> Response:
    """Show a place for a file, and the last imports."""
    return _index("", 200)


@blueprint.post("/imports")
@takes_files(MAX_UPLOAD_BYTES)
@requires(MANAGERS)
def create() -> BaseResponse:
    """Take a file, recognise what it holds, and check it at once if that is clear."""
    files = stored_files()
    try:
        file = receive(request.files.getlist(FILE_FIELD), files)
    except NoFile as refusal:
        return _index(refusal.words, 422)
    except OSError as error:
        current_app.logger.error("The folder of imports cannot be written: %s", error)
        return _index(_("The file could not be kept. The server's log says why."), 503)
    try:
        return _take(file, files)
    finally:
        files.drop(file)


def _take(file: StoredFile, files: JobFiles) -> BaseResponse:
    try:
        holds = recognise(file.path, usable_mappings(db.session(), g.store_id), usual_place())
    except DamagedFile as damage:
        return _index(translate(damage.message), 422)
    made = perform(
        ActionForm(),
        lambda session: jobs.create_job(session, g.store_id, g.actor, file, holds),
        "import",
        file.content_hash,
    )
    if isinstance(made, Refusal):
        return _index(made.words, made.status)
    files.keep(file, made)
    if not holds.format:
        return go_to(links().import_columns(made))
    start_work(files, find_job(made), JobState.CHECKING, frozenset({JobState.UPLOADED}))
    return go_to(links().import_job(made))


@blueprint.get("/imports/<id:job_id>")
@requires(MANAGERS)
def show(job_id: int) -> str:
    """Show one import."""
    job, files = find_job(job_id), stored_files()
    screen = present_job(
        job,
        utc_now(),
        links(),
        _formats_of(job),
        _preview(job, files),
        is_dead=_is_dead(job, files),
        has_file=files.has(job),
        **_what_waits(job),
    )
    entries = show_entries(job, files) if screen.panel.has_findings else None
    return render_template("pages/imports/show.html", screen=screen, panel=screen.panel, entries=entries)


@blueprint.get("/imports/<id:job_id>/panel")
@requires(MANAGERS, renews=False)
def panel(job_id: int) -> Response:
    """Render what changes, for its poll. The whole page is loaded once the work has ended."""
    job, files = find_job(job_id), stored_files()
    present = present_panel(job, links(), is_dead=_is_dead(job, files), has_file=files.has(job), **_what_waits(job))
    response = Response(render_template("panels/imports/_job.html", panel=present, entries=None))
    if not present.poll_path:
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/imports/<id:job_id>/reading")
@requires(MANAGERS)
def read_as(job_id: int) -> BaseResponse:
    """Say what the file holds, or that it is another delivery, and check it again."""
    job, files, form = find_job(job_id), stored_files(), ReadingForm()
    if not files.has(job):
        return go_to(links().import_job(job_id))
    if form.validate() and form.format_name in _formats_of(job):
        reference, name = form.words, form.format_name
        try:
            holds = Recognised(FORMATS.get(name) or kind_of_mapping(job.mapping), name)
        except DamagedFile as damage:
            flash(translate(damage.message), "warning")
            return go_to(links().import_job(job_id))
        with suppress(Locked), hold(files, job_id):
            unit_of_work(db.session(), lambda session: jobs.read_as(session, g.store_id, job.id, holds, reference))
        start_work(files, job, JobState.CHECKING, MAY_CHECK)
    else:
        flash(_("Choose what the file holds."), "warning")
    return go_to(links().import_job(job_id))


@blueprint.post("/imports/<id:job_id>/check")
@requires(MANAGERS)
def check(job_id: int) -> BaseResponse:
    """Check the file again."""
    return _start(job_id, JobState.CHECKING, MAY_CHECK)


@blueprint.post("/imports/<id:job_id>/run")
@requires(MANAGERS)
def run(job_id: int) -> BaseResponse:
    """Import the file, or go on where the import stopped. Asked for twice, it runs once."""
    return _start(job_id, JobState.RUNNING, MAY_RUN)


@blueprint.post("/imports/<id:job_id>/stop")
@requires(MANAGERS)
def stop(job_id: int) -> BaseResponse:
    """Stop the work after what is being written now."""
    unit_of_work(db.session(), lambda session: jobs.stop(session, g.store_id, job_id))
    return go_to(links().import_job(job_id))


@blueprint.get("/imports/<id:job_id>/report.csv")
@requires(MANAGERS)
def report(job_id: int) -> Response:
    """Send the report: every row that was left out, with its reason."""
    job = find_job(job_id)
    folder = Path(current_app.config["REPORT_FOLDER"])
    if not job.report or not (folder / job.report).is_file():
        abort(404)
    return send_from_directory(folder.resolve(), job.report, as_attachment=True, mimetype="text/csv")


@blueprint.get("/imports/templates/<name>.csv")
@requires(MANAGERS)
def template(name: str) -> Response:
    """Send an empty file with the columns of ours."""
    if name not in TEMPLATES:
        abort(404)
    response = Response(template_rows(name), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"packbench-{name}.csv")
    return response


def _start(job_id: int, work: JobState, allowed: frozenset[JobState]) -> BaseResponse:
    job, files = find_job(job_id), stored_files()
    if files.has(job):
        start_work(files, job, work, allowed)
    return go_to(links().import_job(job_id))


def _index(refusal: str, status: int) -> Response:
    listed = jobs.list_jobs(db.session(), g.store_id)
    screen = present_imports(listed, utc_now(), links(), new_operation_id(), refusal)
    return Response(render_template("pages/imports/index.html", screen=screen), status=status)


def _formats_of(job: ImportJob) -> list[str]:
    """Return everything that the job's file may be: a format, or what a mapping with a name says."""
    return [*FORMATS, *([MAPPED] if job.mapping_name else ())]


class Waiting(TypedDict):
    """What waits for somebody once goods or orders have come in."""

    to_start: WaitingOrders | None
    waiting_lines: int


def _what_waits(job: ImportJob) -> Waiting:
    """Return which orders wait to be started, and how many lines wait for a product."""
    if job.state is not JobState.FINISHED or job.kind is ImportKind.PICTURES:
        return Waiting(to_start=None, waiting_lines=0)
    session = db.session()
    return Waiting(
        to_start=orders_to_start(session, g.store_id), waiting_lines=unknown_lines.count_waiting(session, g.store_id)
    )


def _is_dead(job: ImportJob, files: JobFiles) -> bool:
    """Return whether a process should be at work and none is."""
    return job.state in AT_WORK and not is_held(files, job.id)


def _preview(job: ImportJob, files: JobFiles) -> ImportPreview | None:
    if job.state is JobState.FINISHED or not job.format or not files.has(job):
        return None
    if job.kind is ImportKind.PICTURES:
        return None
    try:
        table = table_of_job(job.kind, job.format, job.mapping)
        source = source_of(files.path_of(job.id, job.file_hash), job.format, job.mapping)
    except DamagedFile as damage:
        return preview_of((), (), (), damage.message)
    seen = first_rows(source, table, time_zone())
    return preview_of(seen.fields, seen.rows, seen.unused_columns, seen.problem) if seen.rows or seen.problem else None
