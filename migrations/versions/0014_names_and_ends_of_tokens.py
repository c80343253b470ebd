"""Names of tokens are unique in a store, and each token has an end and a time of last use.

Of tokens with one name, the oldest keeps it and the others get a number: api, api-2, api-3. Tokens made before end a
year after this revision runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "uq_api_tokens_store_id_name"
LONGEST = 58
A_YEAR = timedelta(days=365)
TOKENS = sa.table(
    "api_tokens",
    sa.column("store_id", sa.BigInteger()),
    sa.column("id", sa.BigInteger()),
    sa.column("name", sa.String()),
    sa.column("expires_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
    # A constant, since SQLite adds no other: a token without an end of its own is over.
    ended = sa.text("'1970-01-01 00:00:00+00'")
    op.add_column(
        "api_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), server_default=ended, nullable=False)
    )
    op.execute(TOKENS.update().values(expires_at=in_a_year()))
    tokens = sa.select(TOKENS.c.store_id, TOKENS.c.id, TOKENS.c.name).order_by(TOKENS.c.store_id, TOKENS.c.id)
    rows = [(int(store_id), int(token_id), str(name)) for store_id, token_id, name in op.get_bind().execute(tokens)]
    for store_id, token_id, name in renamed(rows):
        token = (TOKENS.c.store_id == store_id) & (TOKENS.c.id == token_id)
        op.execute(TOKENS.update().where(token).values(name=name))
    op.create_index(NAME, "api_tokens", ["store_id", "name"], unique=True)


def in_a_year() -> datetime:
    at = datetime.now(UTC) + A_YEAR
    return at.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else at


def renamed(rows: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the tokens whose name an older one of the store has, each with a free name."""
    names = {(store_id, name) for store_id, _, name in rows}
    seen: set[tuple[int, str]] = set()
    for store_id, token_id, name in rows:
        if (store_id, name) in seen:
            free = next(one for one in numbered(name) if (store_id, one) not in names)
            names.add((store_id, free))
            yield store_id, token_id, free
        seen.add((store_id, name))


def numbered(name: str) -> Iterable[str]:
    for number in range(2, 1_000_000):
        end = f"-{number}"
        yield name[: LONGEST - len(end)] + end


def downgrade() -> None:
    op.drop_index(NAME, table_name="api_tokens")
    op.drop_column("api_tokens", "expires_at")
    op.drop_column("api_tokens", "used_at")
