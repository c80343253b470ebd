"""New, migrated databases on both engines, dropped when the measurement ends."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench.rig.programs import THIS, Program
from tests.helpers.postgresql import temporary_server

ENGINES = ("sqlite", "postgresql")


@contextmanager
def fresh_database(engine: str, program: Program = THIS) -> Iterator[str]:
    """Yield the URL of an empty database of ``engine`` that ``program`` migrated; durable as in production."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="packbench-bench-") as folder:
            url = f"sqlite:///{folder}/bench.db"
            flask(url, "db", "upgrade", program=program)
            yield url
        return
    with temporary_server() as server:
        if server is None:
            sys.exit("There is no PostgreSQL on this machine: apt-get install postgresql, or make setup.")
        make_durable(server)
        flask(server, "db", "upgrade", program=program)
        yield server


def make_durable(server: str) -> None:
    """Turn on what the tests' server skips for speed: durable commits, and vacuuming."""
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = on")
        connection.execute("SELECT pg_reload_conf()")


def environment(url: str, **more: str) -> dict[str, str]:
    """Return the environment of a process that works on the database ``url``."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "bench-secret-key-not-for-use",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def flask(url: str, *arguments: str, stdin: str | None = None, program: Program = THIS) -> str:
    """Run a Packbench command on the database and return its output; exit if it fails."""
    done = subprocess.run(
        [program.python, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=program.root,
        env=environment(url),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
