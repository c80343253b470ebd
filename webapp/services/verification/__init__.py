"""Proves from the database alone that stock is right: docs/contract.md, "Invariants", each as SQL.

``verify`` yields the rows that break a rule, and trusts no row because a service wrote it. Each module holds one group
of invariants as a table of checks; ``run`` runs them in one snapshot.
"""

from webapp.services.verification.findings import INVARIANTS, Check, CheckTally, Summary, Violation
from webapp.services.verification.run import CHECKS, snapshot, verify, verify_with_protection

__all__ = [
    "CHECKS",
    "INVARIANTS",
    "Check",
    "CheckTally",
    "Summary",
    "Violation",
    "snapshot",
    "verify",
    "verify_with_protection",
]
