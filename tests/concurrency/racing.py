"""Threads that act at the same moment, each with its own session and connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webapp.database.patience import OF_COMMANDS
from webapp.database.unit_of_work import Once, unit_of_work
from webapp.domain.errors import PackbenchError

Act = Callable[[Session], Any]


def race(engine: Engine, acts: Iterable[Act], once: Once | None = None) -> list[Any]:
    """Run each act in its own unit of work, all at the same moment; return results in the order of the acts.

    A refusal is a result. Any other exception, a deadlock for example, is raised here. Everybody is as patient as a
    command, since a hundred threads take long on a slow machine.
    """
    acts = list(acts)
    together = Barrier(len(acts))

    def run(act: Act) -> Any:
        with Session(engine, expire_on_commit=False) as session:
            together.wait(timeout=30)
            try:
                outcome = unit_of_work(session, act, once, OF_COMMANDS)
            except PackbenchError as refusal:
                return refusal
            return outcome if once else outcome.result

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def calls(act: Callable[..., Any], /, **arguments: Any) -> Act:
    """Return ``act`` without its session argument."""
    return lambda db: act(db=db, **arguments)
