"""Terms that are not known may be left out; instant hours, payout runs and fallback are data."""

from __future__ import annotations

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KNOWN = ("cutoff", "window_start", "window_end")


def upgrade() -> None:
    """SQLite cannot take NOT NULL off a column, nor drop a table that others point to."""
    for name in _KNOWN:
        op.execute(sa.text(f"ALTER TABLE merchants RENAME COLUMN {name} TO {name}_known"))
        op.add_column("merchants", sa.Column(name, sa.Time(), nullable=True))
        op.execute(sa.text(f"UPDATE merchants SET {name} = {name}_known"))  # noqa: S608
        op.drop_column("merchants", f"{name}_known")
    op.add_column("merchants", sa.Column("trading_since", sa.Date(), nullable=True))
    op.add_column(
        "merchants",
        sa.Column("provider", sa.String(length=40), nullable=False, server_default=""),
    )
    op.add_column("merchants", sa.Column("instant_from", sa.Time(), nullable=True))
    op.add_column("merchants", sa.Column("instant_until", sa.Time(), nullable=True))
    op.add_column("merchants", sa.Column("instant_minutes", sa.Integer(), nullable=True))
    op.add_column("merchants", sa.Column("payout_runs", sa.String(length=160), nullable=True))
    op.add_column("merchants", sa.Column("fallback", sa.String(length=32), nullable=True))
    _keep_what_held()


def _keep_what_held() -> None:
    """Until now every merchant was judged by these."""
    merchants = sa.table(
        "merchants",
        sa.column("instant_from", sa.Time()),
        sa.column("instant_until", sa.Time()),
        sa.column("instant_minutes", sa.Integer()),
        sa.column("fallback", sa.String()),
    )
    op.execute(
        merchants.update().values(
            instant_from=time(7), instant_until=time(23), instant_minutes=30, fallback="T1"
        )
    )
