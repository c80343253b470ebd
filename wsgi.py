"""The WSGI application, for any server and for the flask command."""

from webapp import create_app

app = create_app()
