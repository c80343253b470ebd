"""Prints for a terminal. Control characters in names of files and people are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from webapp.domain.control_characters import escape_controls


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print ``text`` with ESC, BEL and the like escaped, so that it cannot command the terminal."""
    click.echo(escape_controls(text, keep="\n"), err=err, nl=nl)


def echo_table(heading: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """Print rows below a heading, in columns as wide as their longest text."""
    lines = [list(heading), *([escape_controls(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def minute_words(at: datetime) -> str:
    """Return a time as tables and sentences have it, such as ``2026-11-30 15:04 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


class Refused(click.ClickException):
    """Ends the command with a sentence and exit code 1."""

    def format_message(self) -> str:
        """Return the sentence with control characters escaped."""
        return escape_controls(self.message, keep="\n")
