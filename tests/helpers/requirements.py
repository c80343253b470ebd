"""What tests need from the machine. If it is missing, the test is skipped with a sentence, or fails where CI requires
it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NoReturn

import pytest

REAL_MONTH: Final = Path(__file__).resolve().parents[1] / "data" / "online-retail-2010-12.csv.gz"
"""A month of a real shop's invoices, in the repository; its README names the source."""


def missing(what: str, sentence: str) -> NoReturn:
    """Skip the test, or fail it if REQUIRE_<WHAT> is set. ``sentence`` says what is missing and what to do."""
    if os.environ.get(f"REQUIRE_{what}"):
        pytest.fail(f"{sentence} (REQUIRE_{what} is set)", pytrace=False)
    pytest.skip(sentence)
