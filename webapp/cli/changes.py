"""Runs one change from a command: one unit of work; a refusal becomes a sentence and exit code 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.cli.console import Refused
from webapp.database.patience import OF_COMMANDS
from webapp.database.unit_of_work import Once, Outcome, unit_of_work
from webapp.domain.errors import PackbenchError
from webapp.extensions import db

T = TypeVar("T")


def run(work: Callable[[Session], T], once: Once | None = None) -> Outcome[T]:
    """Run ``work`` in a unit of work that waits for its turn as long as commands do."""
    return unit_of_work(db.session(), work, once, OF_COMMANDS)


def change(work: Callable[[Session], T]) -> T:
    """Run ``work`` in a unit of work and return its result; a refusal ends the command."""
    try:
        return run(work).result
    except PackbenchError as refusal:
        raise Refused(refusal.message) from refusal
