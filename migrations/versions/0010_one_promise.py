"""Of open promises no two are the same, and each says when it is looked at next."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promises", sa.Column("payments", sa.String(length=64), nullable=True))
    op.add_column(
        "promises", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True)
    )
    _fill()
    with op.batch_alter_table("promises") as promises:
        promises.alter_column("payments", existing_type=sa.String(length=64), nullable=False)
        promises.alter_column(
            "look_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )
    op.drop_index(op.f("ix_promises_state_id"), table_name="promises")
    for columns in (["state", "look_at"], ["mid", "state"]):
        op.create_index(op.f(f"ix_promises_{'_'.join(columns)}"), "promises", columns)
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_promises_open",
        "promises",
        ["mid", "kind", "payments"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _fill() -> None:
    """Of the same promise twice the later one lapses."""
    promises = sa.table(
        "promises",
        *(sa.column(name) for name in ("id", "mid", "kind", "state", "payments")),
        sa.column("txn_ids", sa.JSON()),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("made_at", "look_at")),
    )
    store = op.get_bind()
    store.execute(promises.update().values(look_at=promises.c.made_at))
    standing: set[tuple[str, str, str]] = set()
    for row in store.execute(sa.select(promises).order_by(promises.c.id)).all():
        digest = hashlib.sha256(json.dumps(sorted(row.txn_ids)).encode()).hexdigest()
        watch = (row.mid, row.kind, digest)
        state = "lapsed" if row.state == "open" and watch in standing else row.state
        if state == "open":
            standing.add(watch)
        changed = promises.update().where(promises.c.id == row.id)
        store.execute(changed.values(payments=digest, state=state))
