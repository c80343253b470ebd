"""The lock file installs exactly what pyproject.toml requires, checked by hash, from any index."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from webapp.config import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED_FOR = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)(.*)$", re.MULTILINE)


@pytest.mark.parametrize("asked_for", ASKED_FOR)
def test_the_lock_file_has_a_version_that_satisfies_the_project(asked_for: str) -> None:
    requirement = Requirement(asked_for)

    versions = [version for name, version, _ in PINNED.findall(LOCK) if name == canonicalize_name(requirement.name)]

    assert versions, f"{requirement.name} is not in requirements.lock"
    assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("path", ["requirements.lock", ".ci/uv.lock"])
def test_every_pinned_package_has_hashes_and_none_an_address(path: str) -> None:
    text = (ROOT / path).read_text()

    packages = re.split(r"\n(?=[a-z])", text.strip())

    assert all("--hash=sha256:" in package and "==" in package for package in packages)
    assert "://" not in text
