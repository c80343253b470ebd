"""Prints for a terminal. Control characters in names of files and people are escaped."""

from __future__ import annotations

import click

from webapp.domain.control_characters import escape_controls


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print ``text`` with ESC, BEL and the like escaped, so that it cannot command the terminal."""
    click.echo(escape_controls(text, keep="\n"), err=err, nl=nl)


class Refused(click.ClickException):
    """Ends the command with a sentence and exit code 1."""

    def format_message(self) -> str:
        """Return the sentence with control characters escaped."""
        return escape_controls(self.message, keep="\n")
