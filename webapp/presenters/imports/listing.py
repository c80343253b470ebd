"""The page of imports: a place for a file, and what became of the last ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.import_jobs import ImportJob
from webapp.domain.uploads import MAX_UPLOAD_BYTES
from webapp.domain.wording import Wording
from webapp.languages import _, number, translate
from webapp.presenters.imports.words import FIGURES, KIND_WORDS, STATE_KINDS, STATE_WORDS
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import Moment, moment


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import of the list. ``kind`` is the colour of its state."""

    href: str
    file_name: str
    what: Wording
    state: Wording
    kind: str
    begun: Moment
    who: str
    figures: str
    """What it did, in a few words."""


@dataclass(frozen=True, slots=True)
class ImportsScreen:
    """``refusal`` says why the last file was not taken; ``key`` is the form's idempotency key."""

    rows: Sequence[ImportRow]
    most: str
    """The largest file, in words."""
    most_bytes: int
    refusal: str
    key: str


def present_imports(jobs: Sequence[ImportJob], now: datetime, links: Links, key: str, refusal: str) -> ImportsScreen:
    """Build the page from the newest imports."""
    return ImportsScreen(
        rows=[_row(job, now, links) for job in jobs],
        most=_("%(megabytes)s MB", megabytes=number(MAX_UPLOAD_BYTES // 1024**2)),
        most_bytes=MAX_UPLOAD_BYTES,
        refusal=refusal,
        key=key,
    )


def _row(job: ImportJob, now: datetime, links: Links) -> ImportRow:
    return ImportRow(
        href=links.import_job(job.id),
        file_name=job.file_name,
        what=KIND_WORDS[job.kind],
        state=STATE_WORDS[job.state],
        kind=STATE_KINDS[job.state],
        begun=moment(job.created_at, now),
        who=job.created_by,
        figures=_figures(job),
    )


def _figures(job: ImportJob) -> str:
    if job.result is None:
        return ""
    counts = job.result.counts
    return ", ".join(
        f"{number(counts[name])} {translate(words.of(counts[name]))}"
        for name, words in FIGURES[job.kind]
        if counts.get(name)
    )
