"""Messages that were not understood, with labels by staff, and what the bot made of every one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("guess", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "lessons",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("guess", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column("causes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("labelled_by", sa.String(length=40), nullable=True),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_lessons")),
    )
    op.create_index(op.f("ix_lessons_at"), "lessons", ["at"], unique=False)
