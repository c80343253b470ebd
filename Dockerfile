# The server alone, without the tools of the tests. Data lives in the database (DATABASE_URL), or in /app/instance.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PACKBENCH_ENV=production HOST=0.0.0.0 PORT=8000 PATH=/app/.venv/bin:$PATH
WORKDIR /app

COPY .ci/uv.lock .ci/uv.lock
COPY pyproject.toml requirements.lock ./
RUN python -m venv .venv \
 && pip install --no-cache-dir --require-hashes -r .ci/uv.lock \
 && uv pip install --no-cache --compile-bytecode --constraint requirements.lock -r pyproject.toml

COPY wsgi.py LICENSE NOTICE ./
COPY webapp webapp
RUN pybabel --quiet compile --directory webapp/translations
COPY templates templates
COPY static static
COPY migrations migrations

RUN useradd --create-home packbench && mkdir instance && chown packbench instance
USER packbench
VOLUME /app/instance
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["sh", "-c", "flask --app wsgi db upgrade && exec gunicorn --config python:webapp.serving wsgi:app"]
