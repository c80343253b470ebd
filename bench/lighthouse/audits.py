"""Installs the pinned Lighthouse, runs it on one address, and reads its report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.rig.programs import ROOT
from tests.helpers.browser import installed_browser

CATEGORIES = ("performance", "accessibility", "best-practices")
ENOUGH = {"performance": 0.9, "accessibility": 1, "best-practices": 1}
"""Audits below these scores are listed: measurements are never perfect, rules are either kept or not."""

DEVICES = ("mobile", "desktop")
OLDEST_NODE = (18, 16)
PINNED = Path(__file__).parent
INSTALLED = ROOT / ".venv" / "lighthouse"
"""Outside of the source tree, so that it is neither linted nor packed."""


@dataclass(frozen=True)
class Report:
    """Scores from 0 to 100 by category, and each audit that lost points."""

    scores: dict[str, int]
    findings: list[str]


def installed_lighthouse() -> Path:
    """Return Lighthouse's command line, installing the pinned version; exit with a message if that fails."""
    if not (shutil.which("npm") and _node() >= OLDEST_NODE):
        sys.exit(
            "Lighthouse needs Node.js 18.16 or newer, with npm. Debian and Ubuntu: sudo apt-get install nodejs npm"
        )
    if installed_browser() is None:
        sys.exit("Lighthouse needs Chromium. Debian: sudo apt-get install chromium (or set CHROMIUM to its path)")
    lock = (PINNED / "package-lock.json").read_text()
    made_from = INSTALLED / "made-from"
    if not made_from.exists() or made_from.read_text() != lock:
        print("Installing Lighthouse", file=sys.stderr)
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PINNED / name, INSTALLED)
        subprocess.run(["npm", "ci", "--silent"], cwd=INSTALLED, check=True)
        made_from.write_text(lock)
    return INSTALLED / "node_modules" / ".bin" / "lighthouse"


def audit(lighthouse: Path, address: str, cookie: str, device: str, kept: Path) -> Report:
    """Load ``address`` with a signed-in person's cookie, save the report as ``kept``, and return its summary."""
    command = [str(lighthouse), address, "--quiet", "--output=json", f"--output-path={kept}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"]
    command += ["--preset=desktop"] if device == "desktop" else []
    done = subprocess.run(
        command,
        env={**os.environ, "CHROME_PATH": str(installed_browser())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed on {address}:\n{done.stdout}{done.stderr}")
    report = json.loads(kept.read_text())
    if report.get("runtimeError"):
        sys.exit(f"Lighthouse could not load {address}: {report['runtimeError']['message']}")
    if report["finalDisplayedUrl"] != address:
        sys.exit(f"{address} led to {report['finalDisplayedUrl']}")
    return Report(
        {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}, list(_findings(report))
    )


def _findings(report: dict[str, Any]) -> list[str]:
    """Return the audits that count and failed, each with the elements it names."""
    counting = {
        entry["id"]: name
        for name in CATEGORIES
        for entry in report["categories"][name]["auditRefs"]
        if entry["weight"] > 0
    }
    took_points = [
        (name, audit)
        for name, audit in report["audits"].items()
        if name in counting and audit["score"] is not None and audit["score"] < ENOUGH[counting[name]]
    ]
    return [
        f"{counting[name]}: {audit['title']} {audit.get('displayValue', '')} {_elements(audit)}".strip()
        for name, audit in took_points
    ]


def _elements(audit: dict[str, Any]) -> str:
    items = (audit.get("details") or {}).get("items") or []
    return " ".join(item["node"]["snippet"] for item in items if isinstance(item.get("node"), dict))[:600]


def _node() -> tuple[int, ...]:
    if not shutil.which("node"):
        return (0,)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
