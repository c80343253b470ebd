"""Prints for a terminal. What a file or a person named is shown with its control characters written out."""

from __future__ import annotations

import click

from webapp.domain.control_characters import escape_controls


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print ``text``; ESC, BEL and the like cannot command the terminal."""
    click.echo(escape_controls(text, keep="\n"), err=err, nl=nl)


class Refused(click.ClickException):
    """Ends the command with a sentence and exit code 1."""

    def format_message(self) -> str:
        """Return the sentence without control characters."""
        return escape_controls(self.message, keep="\n")
