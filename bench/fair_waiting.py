"""Measures how long the unluckiest request waits while 16 clients ship over HTTP on SQLite at once.

python -m bench.fair_waiting [--clients 16] [--seconds 15]
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from bench.against_the_limit import contender
from bench.rig.clients import run_clients

LONGEST_MS = 1000.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--seconds", type=float, default=15.0)
    chosen = options.parse_args()
    with ExitStack() as stack:
        ours = contender(stack, "sqlite", "packbench")
        timings = run_clients(ours.clients("ship", chosen.clients), chosen.seconds)
    longest = timings.percentile(1.0)
    print(
        f"{len(timings.seconds)} ships by {chosen.clients} clients, {timings.rate:.0f}/s, failed: {timings.failed}, "
        f"p50 {timings.percentile(0.5):.0f} ms, p99 {timings.percentile(0.99):.0f} ms, longest {longest:.0f} ms"
    )
    sys.exit(1 if timings.failed or longest > LONGEST_MS else 0)


if __name__ == "__main__":
    main()
