"""Checks Lighthouse's scores of the order list, the pick screen and the audit trail, on a phone and on a desktop.

python -m bench.lighthouse [--screen list pick audit] [--device mobile desktop] [--reports FOLDER]

Exits with 1 if accessibility or best practices are below 100, or performance is below 95. Performance varies with the
machine, so the best of three runs counts.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.lighthouse.audits import CATEGORIES, DEVICES, Report, audit, installed_lighthouse
from bench.rig.clients import Browser
from bench.rig.databases import flask, fresh_database
from bench.rig.servers import serve

LEAST = {"accessibility": 100, "best-practices": 100, "performance": 95}
RUNS = 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--screen", choices=("list", "pick", "audit"), nargs="*", default=["list", "pick", "audit"])
    options.add_argument("--device", choices=DEVICES, nargs="*", default=list(DEVICES))
    options.add_argument("--reports", type=Path, help="keep the full reports (JSON) here")
    chosen = options.parse_args()
    lighthouse = installed_lighthouse()
    good = True
    with ExitStack() as stack:
        folder = chosen.reports or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="packbench-lighthouse-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        url = stack.enter_context(fresh_database("sqlite"))
        flask(url, "demo")
        server = stack.enter_context(serve("wsgi:app", url))
        screens = addresses(server.port)
        print(f"| screen | device | {' | '.join(CATEGORIES)} |\n| --- | --- |{' ---: |' * len(CATEGORIES)}")
        for screen in chosen.screen:
            for device in chosen.device:
                address, cookie = screens[screen]
                report = best_of(RUNS, lighthouse, address, cookie, device, folder / f"{screen}-{device}.json")
                print(
                    f"| {screen} | {device} | {' | '.join(str(report.scores[name]) for name in CATEGORIES)} |",
                    flush=True,
                )
                for finding in report.findings:
                    print(f"  - {finding}", flush=True)
                good &= is_good(report)
    sys.exit(0 if good else 1)


def is_good(report: Report) -> bool:
    """Return whether every score is high enough."""
    return all(report.scores[name] >= least for name, least in LEAST.items())


def best_of(runs: int, lighthouse: Path, address: str, cookie: str, device: str, kept: Path) -> Report:
    """Run up to ``runs`` times, while only performance is too low; return the report with the best performance."""
    reports: list[Report] = []
    while len(reports) < runs:
        reports.append(audit(lighthouse, address, cookie, device, kept))
        others = {name: score for name, score in reports[-1].scores.items() if name != "performance"}
        if is_good(reports[-1]) or any(others[name] < LEAST[name] for name in others):
            break
    return max(reports, key=lambda report: report.scores["performance"])


def addresses(port: int) -> dict[str, tuple[str, str]]:
    """Return each screen's address, and the cookie of a person who works there, signed in through the form."""
    packer, supervisor = Browser(port), Browser(port)
    packer.sign_in("paula", "paula-demo")
    supervisor.sign_in("sofia", "sofia-demo")
    _, page = packer.get("/orders?status=processing")
    match = re.search(rb"/orders/(\d+)\b", page)
    if match is None:
        sys.exit("The demo store has no order to pick.")
    order = f"http://127.0.0.1:{port}/orders/{match.group(1).decode()}"
    return {
        "list": (f"http://127.0.0.1:{port}/orders", packer.cookies),
        "pick": (f"{order}/pick", packer.cookies),
        "audit": (f"{order}/audit", supervisor.cookies),
    }


if __name__ == "__main__":
    main()
