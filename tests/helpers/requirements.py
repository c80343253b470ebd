"""What a test needs from the machine: missing, it is skipped with a plain sentence, or fails where CI demands it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "data"


def missing(what: str, sentence: str) -> NoReturn:
    """Skip the test, or fail it when REQUIRE_<WHAT> is set. ``sentence`` says what is missing and what to do."""
    if os.environ.get(f"REQUIRE_{what}"):
        pytest.fail(f"{sentence} (REQUIRE_{what} is set)", pytrace=False)
    pytest.skip(sentence)


def real_month() -> Path:
    """Return the public data set's month; a test that needs it goes without where it is absent."""
    path = Path(os.environ.get("SHARED_DATA") or _BESIDE_THE_REPOSITORY) / "online-retail-2010-12.csv.gz"
    if not path.exists():
        missing("DATA", f"There is no {path.name} beside the repository (shared/data); SHARED_DATA names its folder.")
    return path
