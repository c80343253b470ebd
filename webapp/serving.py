"""How gunicorn serves Packbench (``gunicorn --config python:webapp.serving wsgi:app``).

Settings are environment variables: HOST, PORT, THREADS and WEB_CONCURRENCY (worker processes). ``python -m
webapp.serving`` checks that the port is free, before anything else starts.
"""

from __future__ import annotations

import os
import re
import resource
import socket
import sys
from types import MappingProxyType
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from webapp.cli.setup import link_at_start
from webapp.config import ROOT, settings_from_environment
from webapp.database.doubts import doubt
from webapp.domain.uploads import UPLOADS
from webapp.server.sharing import Exchange, SharingWorker

_settings = settings_from_environment(ROOT / "instance")
_url = make_url(_settings["SQLALCHEMY_DATABASE_URI"])
_host = os.environ.get("HOST", "127.0.0.1").strip("[]")
_port = int(os.environ.get("PORT", "8000"))


class ShopWorker(SharingWorker):
    """The worker, with this shop's settings."""

    most_body_bytes = _settings["MAX_CONTENT_LENGTH"]
    uploads = MappingProxyType({re.compile(path.encode()): most for path, most in UPLOADS.items()})
    one_writer = _url.get_backend_name() == "sqlite"


bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
worker_class = ShopWorker
workers = int(os.environ.get("WEB_CONCURRENCY", "1" if _url.get_backend_name() == "sqlite" else "2"))
"""One process on SQLite: its threads queue fairly for the single writer; several processes would have to poll."""
threads = int(os.environ.get("THREADS", "16"))
keepalive = 75
"""Seconds. A tablet polls every two seconds and keeps its connection; an idle connection occupies no thread."""
_files, _most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_files, min(_most_files, 8192)), _most_files))
"""Each of up to ``worker_connections`` (1000) clients needs a file."""
graceful_timeout = 5
loglevel = "warning"
forwarder_headers = ""
forwarded_allow_ips = ""
"""Gunicorn trusts no header about scheme, path or address; only TRUSTED_PROXIES says which to trust."""
control_socket_disable = True  # All servers of this user would share one socket in the home folder.

_exchange = Exchange(places=2 * workers)
"""Twice as many: after a reload, new workers start while the old ones finish."""


def pre_fork(server: Any, worker: SharingWorker) -> None:
    """Give the worker a place, so that others can send it connections."""
    worker.sit_down(_exchange, [other.place for other in server.WORKERS.values()])


def post_worker_init(worker: SharingWorker) -> None:
    """Let the first worker print the link that sets up an empty database."""
    app = worker.app.callable
    link = link_at_start(app, f"http://{bind}") if worker.age == 1 and isinstance(app, Flask) else None
    if link:
        print(
            f"This database is empty. Open this link once, within a day, to set up your shop:\n\n  {link}\n", flush=True
        )


def child_exit(_server: Any, worker: SharingWorker) -> None:
    """Close a dead worker's place, so that nobody sends it connections; it may have died within a COMMIT."""
    worker.leave()
    doubt()


def when_ready(_server: Any) -> None:
    """Print the address once connections are accepted."""
    print(f"\nPackbench is at http://{bind}  (Ctrl-C stops it)\n", flush=True)


def _port_is_free() -> bool:
    with socket.socket(socket.AF_INET6 if ":" in _host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host, _port))
        except OSError:
            return False
    return True


if __name__ == "__main__" and not _port_is_free():
    sys.exit(f"Port {_port} is taken by another program. Stop it, or choose another: make run PORT={_port + 1}")
