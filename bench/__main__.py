"""Runs all measurements in turn: ``make bench``. Each also runs alone; see README.md in this folder."""

from __future__ import annotations

import runpy
import sys

MEASUREMENTS = {
    "month": "The real month, end to end",
    "against_the_limit": "Against the yardstick",
    "crowd": "4 clients and 16",
    "fair_waiting": "16 clients on SQLite: nobody waits long",
    "scale": "1,000 orders and 1,000,000",
    "large_files": "100,000 orders come in beside shipping",
    "year": "A year through every migration",
    "write_gate": "The write gate",
    "bytes": "Bytes over the wire",
    "long_order": "A 675-line order",
}

if __name__ == "__main__":
    failed = False
    for module, title in MEASUREMENTS.items():
        print(f"\n# {title}\n", flush=True)
        sys.argv = [module]
        try:
            runpy.run_module(f"bench.{module}", run_name="__main__")
        except SystemExit as end:
            failed |= bool(end.code)
    sys.exit(failed)
