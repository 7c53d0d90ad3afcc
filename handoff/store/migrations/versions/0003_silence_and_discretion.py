"""Who falls silent in an emergency, and when a person may be written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = postgresql.TIMESTAMP(timezone=True)
_OFFERER = "conversation_contact_offered_by_fkey"


def upgrade() -> None:
    op.add_column("person", sa.Column("resumes_at", _MOMENT, nullable=True))
    op.add_column("person", sa.Column("discreet_locked", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("quiet_at", _MOMENT, nullable=True))
    op.add_column("conversation", sa.Column("alarmed_at", _MOMENT, nullable=True))
    op.add_column("conversation", sa.Column("silent_at", _MOMENT, nullable=True))
    op.add_column("conversation", sa.Column("contact_offered_at", _MOMENT, nullable=True))
    op.add_column("conversation", sa.Column("contact_offered_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(_OFFERER, "conversation", "member", ["contact_offered_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint(_OFFERER, "conversation", type_="foreignkey")
    for column in ("contact_offered_by", "contact_offered_at", "silent_at", "alarmed_at"):
        op.drop_column("conversation", column)
    for column in ("quiet_at", "discreet_locked", "resumes_at"):
        op.drop_column("person", column)
