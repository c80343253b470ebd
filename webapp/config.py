"""Settings from environment variables (and a ``.env`` file), with defaults that suit a laptop."""

from __future__ import annotations

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from dotenv import load_dotenv
from sqlalchemy.engine import make_url

from webapp.database.engine import engine_options, normalise_url

ROOT = Path(__file__).resolve().parent.parent

_DEVELOPMENT: Final = "development"
_PRODUCTION: Final = "production"
_FEWEST_CHARACTERS: Final = 8
"""Least number of different characters in a secret; ``aaaaaaaaaaaaaaaa`` has one."""
_COMMON: Final = re.compile("change.?me|password|12345678", re.IGNORECASE)


class ConfigurationError(RuntimeError):
    """A setting is missing or unsafe; the message says which and what to do."""


def settings_from_environment(instance_path: Path) -> dict[str, Any]:
    """Return Flask's configuration. Raises ConfigurationError for an unknown PACKBENCH_ENV, and in production for a
    weak secret or debug mode.

    ``instance_path`` is where the SQLite file and the development secret live when nothing else is set.
    """
    load_dotenv(ROOT / ".env")
    production = _is_production()
    url = normalise_url(os.environ.get("DATABASE_URL") or f"sqlite:///{instance_path / 'packbench.db'}")
    password = _read_file(os.environ.get("DATABASE_PASSWORD_FILE"))
    if password:
        url = make_url(url).set(password=password).render_as_string(hide_password=False)
    https = _flag("HTTPS", default=production)
    longest = timedelta(days=int(os.environ.get("SESSION_DAYS", "7")))
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url, pool_size=int(os.environ.get("DATABASE_POOL_SIZE", "20"))),
        "SECRET_KEY": _secret_key(instance_path, production=production),
        "SECRET_KEY_FALLBACKS": _earlier_secrets(production=production),
        # With the prefix, browsers take it over https only, and no other host name of the domain can set it.
        "SESSION_COOKIE_NAME": "__Host-packbench_session" if https else "packbench_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_REFRESH_EACH_REQUEST": False,  # A row in the database says how long a session lasts.
        "SESSION_IDLE": timedelta(hours=int(os.environ.get("SESSION_HOURS", "12"))),
        "SESSION_LONGEST": longest,
        "PERMANENT_SESSION_LIFETIME": longest,
        "WTF_CSRF_TIME_LIMIT": None,  # A shift is longer than an hour; the token still ends with the session.
        "WTF_I18N_ENABLED": False,  # All form messages are ours; WTForms would reload its own catalogue each time.
        "HTTPS": https,
        "HOSTS": _trusted_hosts(https=https),
        "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "0")),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "LOGIN_RATE_LIMIT": os.environ.get("LOGIN_RATE_LIMIT") or "10 per 5 minutes; 50 per day",
        "REPORT_FOLDER": os.environ.get("REPORT_FOLDER", str(instance_path / "reports")),
        "PICTURE_FOLDER": os.environ.get("PICTURE_FOLDER", str(instance_path / "pictures")),
        "IMPORT_FOLDER": os.environ.get("IMPORT_FOLDER", str(instance_path / "imports")),
        "BACKUP_FOLDER": os.environ.get("BACKUP_FOLDER", str(instance_path / "backups")),
        "BACKUP_KEEP": int(os.environ.get("BACKUP_KEEP", "14")),
        "BACKUP_CHECK_DATABASE_URL": normalise_url(os.environ.get("BACKUP_CHECK_DATABASE_URL", "")),
        # Their passwords are public, so never in production, even if DEMO is set.
        "SHOW_DEMO_PEOPLE": _flag("DEMO", default=False) and not production,
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
    }


def _read_file(path: str | None) -> str:
    """Return the text of a file with a secret, without the end of its line; "" without a path."""
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ConfigurationError(f"A file with a secret cannot be read: {error}") from error


def _flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.lower() in ("1", "true", "yes", "on")


def _is_production() -> bool:
    """Return whether this is production. A misspelt word must not mean development, with its public passwords."""
    environment = os.environ.get("PACKBENCH_ENV") or _DEVELOPMENT
    if environment not in (_DEVELOPMENT, _PRODUCTION):
        raise ConfigurationError(
            f"PACKBENCH_ENV is {environment!r}. It must be “{_PRODUCTION}” or “{_DEVELOPMENT}”, in these letters."
        )
    if environment == _PRODUCTION and _flag("FLASK_DEBUG", default=False):
        raise ConfigurationError("FLASK_DEBUG is set in production: it shows the program's insides. Unset it.")
    return environment == _PRODUCTION


def _trusted_hosts(*, https: bool) -> tuple[str, ...]:
    """Return the host names under which the shop is served; none means any, which https does not allow."""
    hosts = tuple(filter(None, re.split(r"[\s,]+", os.environ.get("TRUSTED_HOSTS", "").lower())))
    if https and not hosts:
        raise ConfigurationError(
            "TRUSTED_HOSTS is not set. Set it to the host names under which Packbench is served, for example "
            "packbench.shop.example: with https it redirects to the host that a request names, which must be its own."
        )
    return hosts


def _is_weak(secret: str) -> bool:
    """Return whether a secret is short, has few different characters, or consists of common words."""
    return len(secret.strip()) < 16 or len(set(secret)) < _FEWEST_CHARACTERS or bool(_COMMON.search(secret))


def _secret_key(instance_path: Path, *, production: bool) -> str:
    """Return SECRET_KEY; in development a random key that is kept in the instance folder."""
    secret = os.environ.get("SECRET_KEY") or _read_file(os.environ.get("SECRET_KEY_FILE"))
    if secret and not (production and _is_weak(secret)):
        return secret
    if production:
        raise ConfigurationError(
            "SECRET_KEY is not set, or easily guessed: shorter than 16 characters, of few different ones, or a common "
            "word. Set it to a long random value, for example the output of: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    kept = instance_path / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def _earlier_secrets(*, production: bool) -> list[str]:
    """Return the secrets that were in use before; what they signed stays valid."""
    secrets_before = [one.strip() for one in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if one.strip()]
    if production and any(map(_is_weak, secrets_before)):
        raise ConfigurationError(
            "SECRET_KEY_FALLBACKS has a secret that is easily guessed. Leave it out: people sign in once again."
        )
    return secrets_before
