"""Serves like a shop, with less time and room for slow clients."""

from __future__ import annotations

import webapp.server.receiving
from webapp.serving import *  # noqa: F403 - gunicorn reads its settings from this module's names.

webapp.server.receiving.HEAD_SECONDS = webapp.server.receiving.REQUEST_SECONDS = 1.0  # type: ignore[misc]
worker_connections = 50
