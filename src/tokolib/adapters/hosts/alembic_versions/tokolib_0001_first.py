"""The tables, indexes and views of a shop."""

from tokolib.adapters.hosts.alembic import refuse_downgrade, upgrade_to

revision = "tokolib_0001"
down_revision = None
branch_labels = ("tokolib",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    upgrade_to(1)


def downgrade() -> None:
    """Refuse."""
    refuse_downgrade()
