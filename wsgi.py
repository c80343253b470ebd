"""The WSGI application, for any server and for the flask command."""

import os

from webapp import create_app

os.umask(0o077)  # Database, reports and pictures hold people's names: no other account of the machine reads them.

app = create_app()
