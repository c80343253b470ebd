"""Shows progress of long work on stderr: one changing line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time

import click

TERMINAL_SECONDS = 0.1
QUIET_SECONDS = 2.0
"""Between two lines when stderr is no terminal; shorter work prints none."""


class Progress:
    """Call it at any rate with the unit of counting, how many are done, and the total (0: unknown)."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._began = self._shown_at = time.monotonic()
        self._what = ""

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._began = what, now
        if now - self._shown_at < (TERMINAL_SECONDS if self._on_terminal else QUIET_SECONDS):
            return
        self._shown_at = now
        rate = done / max(now - self._began, 0.001)
        words = f"{done}{f' of {of}' if of else ''} {what}, {rate:.0f} a second"
        click.echo(f"\r\x1b[K{words}" if self._on_terminal else words, err=True, nl=not self._on_terminal)

    def clear(self) -> None:
        """Clear the line, so that the next output stands alone."""
        if self._on_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
