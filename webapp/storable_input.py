"""Refuses, before any view runs, a page's input that no view can use: NUL in a text, and files.

No form takes files, and PostgreSQL stores no NUL. Checked here, so that no field of any form and no search can be
forgotten. Ids in addresses have their own rule (``webapp.paths``), and so has JSON (``webapp.schemas``).
"""

from __future__ import annotations

from typing import Final

from flask import Flask, request

from webapp.auth.guard import is_api_request
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

_NUL: Final = "\0"
_NUL_IN_QUERY: Final = (b"\0", b"%00")


def init_app(app: Flask) -> None:
    """Check every request of a page. Call this before the CSRF check is registered."""
    app.before_request(_refuse_unusable_input)


def _refuse_unusable_input() -> None:
    """Raise InvalidInput for a NUL in the query or the form, and for a form with a file."""
    if is_api_request():  # Its body is JSON, and its schemas refuse more, naming the field.
        return
    if any(nul in request.query_string for nul in _NUL_IN_QUERY):
        raise InvalidInput(say("The address contains characters that are not text. Choose from the page instead."))
    if request.method != "POST":
        return
    if request.files:
        raise InvalidInput(say("This form takes no files. Type the text instead."))
    if any(_NUL in text for name, texts in request.form.lists() for text in (name, *texts)):
        raise InvalidInput(say("The form contains characters that are not text. Type them again."))
