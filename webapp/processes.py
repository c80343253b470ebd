"""Work that goes on when the server is restarted: a command in a process of its own, and the lock that says it lives.

The lock is a file's. It ends with the process, however that ends, so nobody has to guess whether one still runs.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

NICENESS: Final = 10
"""Lower priority for the CPU of long work: people ship meanwhile."""


_TRIES: Final = 10
"""To take a lock, 5 ms apart."""


class Locked(Exception):
    """Another process holds the lock."""


@contextmanager
def lock(path: Path, *, wait: bool = False) -> Iterator[int]:
    """Hold a lock that ends with this process and those that inherit it.

    Raises Locked if another process holds it, unless this one is to ``wait``; OSError.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        if wait:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            _take(file)
        yield file.fileno()


def _take(file: IO[bytes]) -> None:
    """Take the lock at once. Who only looks (``is_locked``) has it for a moment, too: then it is tried again."""
    for tries_left in reversed(range(_TRIES)):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not tries_left:
                raise Locked from None
            time.sleep(0.005)
        else:
            return


def is_locked(path: Path) -> bool:
    """Return whether a process holds the lock now."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def start_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    program_folder: Path,
    inherited_lock: int | None = None,
    niceness: int = 0,
) -> None:
    """Start ``flask`` with these arguments and return at once. The process inherits a lock, which ends with it.

    ``niceness`` lowers its priority for the CPU. Raises OSError.
    """
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=program_folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=() if inherited_lock is None else (inherited_lock,),
    )
    if niceness:
        os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
    _wait_for(process)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    # Else its end would leave a zombie.
    threading.Thread(target=process.wait, daemon=True, name="command").start()
