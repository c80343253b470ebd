"""Prints at the end what a run left out and why: what the machine lacks, and the looks of other days."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.helpers import rotation


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the reasons, each with the number of tests it skipped."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    terminalreporter.section("left out")
    for reason, tests in reasons.most_common():
        terminalreporter.write_line(f"{tests} tests: {reason}")
    terminalreporter.write_line(f"Looks: {rotation.in_words()}.")


def _reason(report: pytest.TestReport) -> str:
    where_and_why = report.longrepr
    return str(where_and_why[2]).removeprefix("Skipped: ") if isinstance(where_and_why, tuple) else str(where_and_why)
