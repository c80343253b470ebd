"""What was matched."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.codes import fold_code
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import Match, Product


def make_match(db: Session, product: Product, code: str, by: MatchBy = MatchBy.GTIN, **columns: Any) -> Match:
    """Make a match that somebody made before."""
    unknown = UnknownCode(by, code)
    match = Match(
        store_id=product.store_id,
        kind=by,
        code=code,
        match_key=unknown.key,
        folded=fold_code(code),
        product_id=product.id,
        matched_by="max",
        **columns,
    )
    db.add(match)
    db.commit()
    return match
