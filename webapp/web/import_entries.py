"""What becomes of each order or row of an import: its list on the import's page, and the list as a file."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, abort, request

from webapp.auth.guard import requires
from webapp.domain.import_entries import EntryKind
from webapp.domain.import_jobs import ImportJob, ImportKind
from webapp.domain.roles import MANAGERS
from webapp.forms.orders import clean_search
from webapp.presenters.imports.entries import (
    COLUMNS,
    STOCK_COLUMNS,
    EntryListPanel,
    EntryQuery,
    entry_rows,
    present_entries,
)
from webapp.services.imports.entry_lists import read_all, read_page
from webapp.services.imports.job_files import JobFiles
from webapp.web.import_starting import find_job, stored_files
from webapp.web.links import links
from webapp.web.list_files import FileType, send_list

blueprint = Blueprint("import_entries", __name__)

_MOST_PAGES: Final = 100_000


@blueprint.get("/imports/<id:job_id>/entries.csv")
@requires(MANAGERS)
def csv(job_id: int) -> Response:
    """Send the list as CSV, with the filter and the search in force."""
    return _send(job_id, FileType.CSV)


@blueprint.get("/imports/<id:job_id>/entries.xlsx")
@requires(MANAGERS)
def xlsx(job_id: int) -> Response:
    """Send the same as XLSX."""
    return _send(job_id, FileType.XLSX)


def show_entries(job: ImportJob, files: JobFiles) -> EntryListPanel | None:
    """Return the page of the list that the address asks for; None if there is no list."""
    query = _query()
    page = read_page(files.entries_of(job), query.kind, query.search, query.page)
    return present_entries(job, page, query, links()) if page is not None else None


def _send(job_id: int, file_type: FileType) -> Response:
    job, query = find_job(job_id), _query()
    path = stored_files().entries_of(job)
    if not path.is_file():
        abort(404)
    of_orders = job.kind is ImportKind.ORDERS
    rows = entry_rows(read_all(path, query.kind, query.search), of_orders=of_orders)
    header = COLUMNS if of_orders else STOCK_COLUMNS
    return send_list(f"import-{job.id}", header, lambda _: (rows, None), file_type)


def _query() -> EntryQuery:
    kind, page = None, request.args.get("page", "")
    with suppress(ValueError):
        kind = EntryKind(request.args.get("show", ""))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return EntryQuery(kind, clean_search(request.args.get("search", "")), min(max(number, 1), _MOST_PAGES))
