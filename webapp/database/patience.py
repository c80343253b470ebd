"""How many seconds a change waits for a lock that somebody else holds, before it is refused as Busy."""

from __future__ import annotations

from typing import Final

OF_PEOPLE: Final = 2.0
"""A person, or a program that calls the API, tries again; a thread that waits longer is missing to the others."""
OF_COMMANDS: Final = 60.0
"""Nobody waits behind a command, and an import should not stop because a shop is busy."""
