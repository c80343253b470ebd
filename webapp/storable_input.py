"""Refuses page input that no view can use, before any view runs: NUL in text, and files where none are taken.

Who may send files is checked before they are read. Nearly no form takes files, and PostgreSQL stores no NUL. Checking
here means that no field and no search can be forgotten. Ids in addresses have their own rule (``webapp.paths``), and so
does JSON (``webapp.schemas``).
"""

from __future__ import annotations

from typing import Final

from flask import Flask, current_app, request

from webapp.auth.guard import ROLES_MARK, admit, is_api_request
from webapp.domain.errors import FileTooLarge, InvalidInput
from webapp.domain.uploads import FILE_FIELD, UPLOAD_MARK
from webapp.domain.wording import say

_NUL: Final = "\0"
_NUL_IN_QUERY: Final = (b"\0", b"%00")


def init_app(app: Flask) -> None:
    """Register the check. Call this before the CSRF check is registered."""
    app.before_request(_refuse_unusable_input)


def _refuse_unusable_input() -> None:
    """Raise InvalidInput for a NUL in the query or the form, and for a file that the form does not take."""
    if is_api_request():  # A JSON request: its schemas refuse more, and name the field.
        return
    if any(nul in request.query_string for nul in _NUL_IN_QUERY):
        raise InvalidInput(say("The address contains characters that are not text. Choose from the page instead."))
    if request.method != "POST":
        return
    most = getattr(current_app.view_functions.get(request.endpoint or ""), UPLOAD_MARK, 0)
    if most:
        _let_in(most)
    if set(request.files) - ({FILE_FIELD} if most else set()):
        raise InvalidInput(say("This form takes no files. Type the text instead."))
    if any(_NUL in text for name, texts in request.form.lists() for text in (name, *texts)):
        raise InvalidInput(say("The form contains characters that are not text. Type them again."))


def _let_in(most: int) -> None:
    """Let the request have a long body. Raises FileTooLarge, and what the guard raises."""
    admit(getattr(current_app.view_functions[request.endpoint or ""], ROLES_MARK))
    if (request.content_length or 0) > most:
        raise FileTooLarge(most // 1024**2)
    request.max_content_length = most
