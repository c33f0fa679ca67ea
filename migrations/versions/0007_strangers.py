"""Strangers have conversations and prove who they are; cases move; one place for reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("mid", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_checks")),
    )
    for columns in (["conversation_id", "made_at"], ["mid", "made_at"]):
        name = op.f(f"ix_identity_checks_{'_'.join(columns)}")
        op.create_index(name, "identity_checks", columns)
    # Renamed rather than made anew: SQLite cannot replace a table that others refer to.
    op.execute("ALTER TABLE conversations RENAME COLUMN mid TO address")
    op.add_column("conversations", sa.Column("mid", sa.String(length=32), nullable=True))
    op.add_column(
        "conversations", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE conversations SET mid = address")
    op.create_index(op.f("ix_conversations_mid"), "conversations", ["mid"])
    op.add_column("cases", sa.Column("offered_in", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_cases_mid_status"), "cases", ["mid", "status"])
    op.drop_column("merchants", "balance_reminder")
