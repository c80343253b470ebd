"""Takes the files of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from tempfile import TemporaryFile
from typing import Any, TypeVar

from werkzeug.datastructures import FileStorage

from webapp.domain.pictures import MAX_SENT_BYTES, NoPicture, format_of
from webapp.domain.uploads import UPLOAD_MARK
from webapp.languages import _
from webapp.services.imports.job_files import JobFiles, StoredFile, shown_name
from webapp.services.imports.picture_archives import pack_pictures

View = TypeVar("View", bound=Callable[..., Any])


class NoFile(Exception):
    """The form has no file that can be taken; ``words`` say why, in the person's language."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Let a view take files: the whole request may have so many bytes. Put it above ``requires``."""

    def mark(view: View) -> View:
        setattr(view, UPLOAD_MARK, most_bytes)
        return view

    return mark


def receive(form_files: Sequence[FileStorage], files: JobFiles) -> StoredFile:
    """Keep what was sent: one file, or several pictures as one archive. Raises NoFile, OSError."""
    chosen = [one for one in form_files if one.filename]
    if not chosen:
        raise NoFile(_("Choose a file first."))
    if all(_is_picture(one) for one in chosen):
        return _receive_pictures(chosen, files)
    if len(chosen) > 1:
        raise NoFile(_("Send one file at a time. Only pictures may come together."))
    [one] = chosen
    stored = files.receive(one.filename or "", one.stream)
    if not stored.size:
        files.drop(stored)
        raise NoFile(_("The file “%(name)s” is empty.", name=stored.name))
    return stored


def _receive_pictures(chosen: Sequence[FileStorage], files: JobFiles) -> StoredFile:
    with TemporaryFile() as archive:
        pack_pictures(((shown_name(one.filename or ""), one.read(MAX_SENT_BYTES + 1)) for one in chosen), archive)
        archive.seek(0)
        name = shown_name(chosen[0].filename or "")
        others = len(chosen) - 1
        return files.receive(_("%(name)s and %(others)s more", name=name, others=others) if others else name, archive)


def _is_picture(one: FileStorage) -> bool:
    try:
        format_of(one.filename or "")
    except NoPicture:
        return False
    return True
