"""compose.yaml opens one port, knows no password, and gives no service more than it needs."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.helpers.environment import names_of_settings
from webapp.config import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

services = pytest.mark.parametrize("name", sorted(SERVICES))


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@services
def test_a_service_cannot_write_its_files_nor_gain_rights(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


@services
def test_a_flood_of_requests_does_not_fill_the_disk_with_logs(name: str) -> None:
    assert SERVICES[name]["logging"] == {"driver": "local", "options": {"max-size": "50m", "max-file": "20"}}


@services
def test_secrets_are_files(name: str) -> None:
    for setting, value in SERVICES[name].get("environment", {}).items():
        assert not re.search("PASSWORD|SECRET|TOKEN", setting) or setting.endswith("_FILE"), setting
        assert not re.search(r"://[^@/]*:[^@/]*@", value), f"{setting} has a password"
    for secret in SERVICES[name].get("secrets", []):
        assert COMPOSE["secrets"][secret]["file"].startswith("./secrets/")
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize("name", ["packbench", "migrate"])
def test_the_program_knows_its_settings_and_serves_https(name: str) -> None:
    environment = SERVICES[name]["environment"]

    assert set(environment) <= set(names_of_settings())
    assert "HTTPS" not in environment, "it is on in production"


def test_the_program_does_not_own_its_tables() -> None:
    owner = SERVICES["database"]["environment"]["POSTGRES_USER"]

    assert f"//{owner}@" in SERVICES["migrate"]["environment"]["DATABASE_URL"]
    assert f"//{owner}@" not in SERVICES["packbench"]["environment"]["DATABASE_URL"]
    assert "owner_password" not in SERVICES["packbench"]["secrets"]


@services
def test_mounted_files_exist(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = volume.partition(":")[0]
        assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"], source
