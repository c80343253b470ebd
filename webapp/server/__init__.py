"""Our gunicorn worker: it collects requests, keeps them in line, and shares connections. Settings: webapp.serving."""
