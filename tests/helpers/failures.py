"""Injects failures into a unit of work: before or after any of its statements, or at its COMMIT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event


class Broken(Exception):
    """The injected failure."""


MOMENTS = {"after": "after_cursor_execute", "commit": "commit"}


@contextmanager
def breaking(engine: Engine, moment: str, number: int) -> Iterator[None]:
    """Fail ``after`` the ``number``-th statement, or before the ``number``-th ``commit``, counted from here."""
    turns = count(1)

    def come(*_: Any) -> None:
        if next(turns) == number:
            raise Broken

    event.listen(engine, MOMENTS[moment], come)
    try:
        yield
    finally:
        event.remove(engine, MOMENTS[moment], come)


@contextmanager
def losing_the_reply_to_commit(engine: Engine) -> Iterator[None]:
    """Let the database commit, then fail before the caller learns of it."""
    commit = engine.dialect.do_commit

    def commit_and_break(connection: Any) -> None:
        commit(connection)
        raise Broken

    with patch.object(engine.dialect, "do_commit", commit_and_break):
        yield
