"""A case keeps what its payment was looked up by, so that a correction changes only its part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("asked", sa.JSON(), nullable=True))
