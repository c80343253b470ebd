"""One import: what its file holds, what it would change or has changed, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.import_jobs import AT_WORK, MAPPED, Findings, ImportJob, ImportKind, JobState
from webapp.domain.wording import Wording
from webapp.languages import _, ngettext, number, translate
from webapp.presenters.imports.words import (
    FIGURES,
    FORMAT_WORDS,
    KIND_WORDS,
    OUTCOME_KINDS,
    OUTCOME_WORDS,
    PROGRESS_WORDS,
    fault_words,
    field_words,
)
from webapp.presenters.links import Links
from webapp.presenters.orders.starting import StartButton, ToStart, present_start
from webapp.presenters.phrases.moments import Moment, moment

PreviewRows = Sequence[tuple[int, Sequence[str], str]]
"""Each row's number, its values, and why it is left out."""


@dataclass(frozen=True, slots=True)
class ImportFigure:
    """A number shown large, and what it counts."""

    number: str
    words: Wording


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Rows with one outcome for one reason; ``examples`` are as the file has them."""

    outcome: Wording
    kind: str
    rows: str
    reason: str
    examples: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The file's first rows, by the names of their columns; ``problem`` says why there are none."""

    columns: Sequence[str]
    rows: PreviewRows
    unused: str
    problem: str

    @property
    def has_remarks(self) -> bool:
        return any(remark for *_, remark in self.rows)


@dataclass(frozen=True, slots=True)
class JobPanel:
    """What changes while the import goes on. A button is there if its address is not empty."""

    kind: str
    title: str
    message: str
    detail: str
    """Why it failed or stopped."""
    progress: tuple[int, int, str] | None
    """Done, of how many, and what."""
    has_findings: bool
    figures: Sequence[ImportFigure]
    rows: str
    reasons: Sequence[ReasonRow]
    another_format: str
    another_path: str
    """Where to say that it is another delivery, if all of it was imported before."""
    unmatched: str
    products_path: str
    """Where to make products of them, once they are imported."""
    check_path: str
    run_path: str
    go_on: bool
    """The import goes on where it stopped, rather than begins."""
    stop_path: str
    report_path: str
    poll_path: str
    page_path: str
    next_path: str
    next_words: str
    start: StartButton | None
    """Starts the orders that wait for it, once they are imported."""


@dataclass(frozen=True, slots=True)
class JobScreen:
    """An import's page: its panel, and how its file is read."""

    panel: JobPanel
    file_name: str
    what: Wording
    begun: Moment
    who: str
    preview: ImportPreview | None
    formats: Sequence[tuple[str, str]]
    """What the file may be: the format's name, and its words; empty once that cannot change."""
    format: str
    reading_path: str
    reference: str
    reading_open: bool
    """Nobody has said what the file holds, and it was not recognised."""
    columns_path: str
    """Where to say which column is which; empty if that cannot change."""
    read_as: str


def present_job(
    job: ImportJob,
    now: datetime,
    links: Links,
    formats: Iterable[str],
    preview: ImportPreview | None,
    *,
    is_dead: bool,
    has_file: bool,
    to_start: ToStart | None = None,
    waiting_lines: int = 0,
) -> JobScreen:
    """Build the page. ``is_dead``: a process should be at work and is not. ``waiting_lines`` of orders match no product
    of the store."""
    may_change = has_file and job.state in (JobState.UPLOADED, JobState.CHECKED, JobState.FAILED)
    words = {name: f"“{job.mapping_name}”" if name == MAPPED else translate(FORMAT_WORDS[name]) for name in formats}
    return JobScreen(
        panel=present_panel(
            job, links, is_dead=is_dead, has_file=has_file, to_start=to_start, waiting_lines=waiting_lines
        ),
        file_name=job.file_name,
        what=KIND_WORDS[job.kind],
        begun=moment(job.created_at, now),
        who=job.created_by,
        preview=preview,
        formats=list(words.items()) if may_change else (),
        format=job.format,
        reading_path=links.import_reading(job.id),
        reference=job.reference,
        reading_open=not job.format,
        columns_path=links.import_columns(job.id) if may_change and job.kind is not ImportKind.PICTURES else "",
        read_as=_("Read as “%(name)s”", name=job.mapping_name) if job.format == MAPPED and job.mapping_name else "",
    )


def present_panel(
    job: ImportJob,
    links: Links,
    *,
    is_dead: bool,
    has_file: bool,
    to_start: ToStart | None = None,
    waiting_lines: int = 0,
) -> JobPanel:
    """Build the part that changes."""
    is_working = job.state in AT_WORK and not is_dead
    stopped = job.state is JobState.STOPPED or (job.state is JobState.RUNNING and is_dead)
    kind, title, message = _verdict(job, is_dead=is_dead, has_file=has_file)
    findings = job.expected if job.state is JobState.CHECKED else job.result
    may_check = has_file and not is_working and bool(job.format)
    unmatched = _lines_to_match(job, findings, waiting_lines) if findings and not is_working else 0
    return JobPanel(
        kind=kind,
        title=title,
        message=message,
        detail=fault_words(job.problem) if not is_working else "",
        progress=_progress(job) if is_working else None,
        has_findings=findings is not None and not is_working,
        figures=[] if is_working or findings is None else _figures(job, findings),
        rows="" if is_working or findings is None else _rows(findings),
        reasons=[] if is_working or findings is None else _reasons(findings),
        another_format=job.format,
        another_path=links.import_reading(job.id) if has_file and _is_repeat(job) else "",
        unmatched=_unmatched(unmatched),
        products_path=links.products_from_lines if unmatched and job.state is JobState.FINISHED else "",
        check_path=links.check_import(job.id)
        if may_check and (job.state in (JobState.UPLOADED, JobState.FAILED) or (job.state in AT_WORK and not stopped))
        else "",
        run_path=links.run_import(job.id) if has_file and (stopped or _is_worth_it(job)) else "",
        go_on=stopped,
        stop_path=links.stop_import(job.id) if is_working else "",
        report_path=links.import_report(job.id)
        if job.report and not is_working and findings and findings.reasons
        else "",
        poll_path=links.import_panel(job.id) if is_working else "",
        page_path=links.import_job(job.id),
        next_path=links.orders()
        if job.state is JobState.FINISHED and job.kind == "orders"
        else links.stock()
        if job.state is JobState.FINISHED
        else "",
        next_words=_("To the orders") if job.kind == "orders" else _("To the stock"),
        start=present_start(to_start, links) if to_start else None,
    )


def _is_repeat(job: ImportJob) -> bool:
    """Return whether rows of a delivery were had before, so that somebody has to say whether it is another."""
    if job.state is not JobState.CHECKED or job.expected is None:
        return False
    return job.expected.is_repeat or bool(job.expected.counts.get("rows_before"))


def _is_worth_it(job: ImportJob) -> bool:
    """Return whether an import would change anything, as far as the check could see."""
    if job.state is not JobState.CHECKED or job.expected is None:
        return False
    return any(
        job.expected.counts.get(name)
        for name in ("new_orders", "changed_orders", "units", "new_products", "new_pictures")
    )


def _verdict(job: ImportJob, *, is_dead: bool, has_file: bool) -> tuple[str, str, str]:
    """Return the notice's kind, title and message."""
    if not has_file and job.state is not JobState.FINISHED:
        return "warning", _("The file is no longer kept"), _("Files are deleted after a week. Send it again.")
    match job.state:
        case JobState.CHECKING | JobState.RUNNING if is_dead:
            return _stopped(job)
        case JobState.STOPPED:
            return _stopped(job)
        case JobState.UPLOADED if not job.format:
            return "warning", _("What does this file hold?"), _("Its columns were not recognised. Say which is which.")
        case JobState.UPLOADED:
            return "info", _("The file is here"), _("Check it: that changes nothing, and says what an import would do.")
        case JobState.CHECKING:
            return "info", _("The file is being checked"), _("Nothing is changed. You can leave this page; it goes on.")
        case JobState.CHECKED:
            return _checked(job)
        case JobState.RUNNING:
            return "info", _("The import is running"), _("You can leave this page; it goes on. People go on shipping.")
        case JobState.FINISHED:
            return "success", _("The import is finished"), _("Every row of the file is accounted for below.")
        case JobState.FAILED:
            return "danger", _("The file cannot be imported as it is"), _("Nothing was changed.")


def _stopped(job: ImportJob) -> tuple[str, str, str]:
    if job.state is JobState.CHECKING:
        return "warning", _("The check was interrupted"), _("Nothing was changed. Check the file again.")
    return (
        "warning",
        _("The import was interrupted"),
        _("What was imported stays. Go on: nothing is imported twice; the rows from before count as imported earlier."),
    )


def _checked(job: ImportJob) -> tuple[str, str, str]:
    if job.expected and job.expected.is_repeat:
        return "warning", _("These rows were imported before"), _("Importing them again would change nothing.")
    if not _is_worth_it(job):
        return "warning", _("There is nothing to import"), _("The list says why. Nothing has been changed.")
    return "success", _("Ready to import"), _("Nothing has been changed yet. This is what the import would do.")


def _progress(job: ImportJob) -> tuple[int, int, str]:
    done, of = job.progress_done, job.progress_total
    words = (
        translate(PROGRESS_WORDS[job.progress_of]) if job.progress_of in PROGRESS_WORDS else _("Waiting for its turn")
    )
    if not max(of, done):
        return 0, 0, words
    return done, max(of, done), f"{words}: {number(done)}" + (f" / {number(of)}" if of else "")


def _figures(job: ImportJob, findings: Findings) -> list[ImportFigure]:
    return [
        ImportFigure(number(findings.counts[name]), words.of(findings.counts[name]))
        for place, (name, words) in enumerate(FIGURES[job.kind])
        if name in findings.counts and (findings.counts[name] or not place)
    ]


def _rows(findings: Findings) -> str:
    return ngettext(
        "%(num)s row read: %(imported)s taken, %(skipped)s left out, %(rejected)s refused",
        "%(num)s rows read: %(imported)s taken, %(skipped)s left out, %(rejected)s refused",
        findings.read,
        imported=number(findings.imported),
        skipped=number(findings.skipped),
        rejected=number(findings.rejected),
    )


def _reasons(findings: Findings) -> list[ReasonRow]:
    order = {"rejected": 0, "imported": 1, "skipped": 2}
    return [
        ReasonRow(
            outcome=OUTCOME_WORDS[one.outcome],
            kind=OUTCOME_KINDS[one.outcome],
            rows=ngettext("%(num)s row", "%(num)s rows", one.rows),
            reason=fault_words(one.words),
            examples=", ".join(_example(*row) for row in one.first) + (", …" if one.rows > len(one.first) else ""),
        )
        for one in sorted(findings.reasons, key=lambda one: order[one.outcome])
    ]


def _example(row: int, order_number: str, value: str) -> str:
    return " ".join(filter(None, (str(row), order_number, f"[{value[:40]}]" if value else "")))


def _lines_to_match(job: ImportJob, findings: Findings, waiting_lines: int) -> int:
    """Return how many lines wait for a product: of a file of orders none but its own, as far as they still wait."""
    own = findings.counts.get("unmatched_lines", 0)
    if job.state is not JobState.FINISHED:
        return own
    return min(own, waiting_lines) if job.kind is ImportKind.ORDERS else waiting_lines


def _unmatched(lines: int) -> str:
    if not lines:
        return ""
    return ngettext(
        "%(num)s line matches no product of the store and waits until somebody matches it.",
        "%(num)s lines match no product of the store and wait until somebody matches them.",
        lines,
    )


def preview_of(fields: Sequence[str], rows: PreviewRows, unused: Sequence[str], problem: str) -> ImportPreview:
    """Build the preview from what was read."""
    columns = [field_words(name) for name in fields]
    names = ", ".join(unused[:8]) + (", …" if len(unused) > 8 else "")
    readable = [(row, values, fault_words(remark)) for row, values, remark in rows]
    return ImportPreview(columns, readable, names, fault_words(problem))
