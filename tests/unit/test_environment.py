"""Settings of the environment that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from webapp.config import ConfigurationError, settings_from_environment
from webapp.database.engine import engine_options

GOOD = "q7Zt-2mVx_91LkPw"


@pytest.mark.parametrize("name", ["prod", "Production", "production ", "PRODUCTION", "staging", "0"])
def test_an_environment_that_is_misspelt_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("PACKBENCH_ENV", name)

    with pytest.raises(ConfigurationError, match="PACKBENCH_ENV"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize("name", ["development", "production", ""])
def test_the_two_environments_start_and_a_blank_one_is_development(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("PACKBENCH_ENV", name)
    monkeypatch.setenv("SECRET_KEY", GOOD)
    monkeypatch.setenv("TRUSTED_HOSTS", "packbench.shop.example")

    assert settings_from_environment(tmp_path)["HTTPS"] is (name == "production")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        GOOD[:15],
        " " * 16,
        "a" * 16,
        "ab" * 20,
        "changemechangeme",
        f"change-me-{GOOD}",
        "1234567890abcdef",
    ],
)
def test_a_weak_secret_is_refused_in_production_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secret: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", secret)
    assert settings_from_environment(tmp_path)["SECRET_KEY"]
    monkeypatch.setenv("PACKBENCH_ENV", "production")

    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        settings_from_environment(tmp_path)


def test_secrets_of_before_are_read_and_a_weak_one_is_refused_in_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings_from_environment(tmp_path)["SECRET_KEY_FALLBACKS"] == []
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f" {GOOD}1, {GOOD}2,")
    assert settings_from_environment(tmp_path)["SECRET_KEY_FALLBACKS"] == [f"{GOOD}1", f"{GOOD}2"]

    for name, value in {"PACKBENCH_ENV": "production", "SECRET_KEY": GOOD, "TRUSTED_HOSTS": "shop.example"}.items():
        monkeypatch.setenv(name, value)
    assert settings_from_environment(tmp_path)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{GOOD}1,changemechangeme")

    with pytest.raises(ConfigurationError, match="SECRET_KEY_FALLBACKS"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize(("https", "name"), [("1", "__Host-packbench_session"), ("0", "packbench_session")])
def test_with_https_no_other_host_of_the_domain_can_set_the_cookie(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, https: str, name: str
) -> None:
    monkeypatch.setenv("HTTPS", https)
    monkeypatch.setenv("TRUSTED_HOSTS", "packbench.shop.example")

    assert settings_from_environment(tmp_path)["SESSION_COOKIE_NAME"] == name


@pytest.mark.parametrize("name", ["PACKBENCH_ENV=production", "HTTPS=1"])
def test_https_without_the_names_of_its_hosts_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", GOOD)
    monkeypatch.setenv(*name.split("="))

    with pytest.raises(ConfigurationError, match="TRUSTED_HOSTS"):
        settings_from_environment(tmp_path)

    monkeypatch.setenv("TRUSTED_HOSTS", "Packbench.shop.example, .shop.example")
    assert settings_from_environment(tmp_path)["HOSTS"] == ("packbench.shop.example", ".shop.example")


def test_secrets_may_be_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{GOOD}\n")
    (tmp_path / "password").write_text("p@ss:word/\n")
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://packbench@database/packbench")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))

    settings = settings_from_environment(tmp_path)

    assert settings["SECRET_KEY"] == GOOD
    url = make_url(settings["SQLALCHEMY_DATABASE_URI"])
    assert (url.username, url.password, url.host) == ("packbench", "p@ss:word/", "database")


def test_a_secrets_file_that_is_not_there_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ConfigurationError, match="nothing"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize("debug", ["1", "true", "on"])
def test_debugging_is_refused_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, debug: str) -> None:
    monkeypatch.setenv("SECRET_KEY", GOOD)
    monkeypatch.setenv("FLASK_DEBUG", debug)
    assert settings_from_environment(tmp_path)
    monkeypatch.setenv("PACKBENCH_ENV", "production")

    with pytest.raises(ConfigurationError, match="FLASK_DEBUG"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "sqlite://", "postgresql+psycopg://host/x"])
def test_errors_of_the_database_keep_values_to_themselves(url: str) -> None:
    assert engine_options(url, pool_size=1)["hide_parameters"] is True
