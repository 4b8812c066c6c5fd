"""Name the cause of a refused call"""

import sqlalchemy as sa
from alembic import op

revision = "0002_42087a"
down_revision = "0001_ed4233"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_calls", sa.Column("cause", sa.String(), comment="of a refusal: a name of what caused it")
    )


def downgrade() -> None:
    op.drop_column("api_calls", "cause")
