"""what the rotation of people changed in a run"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('runs') as table:
        table.add_column(sa.Column('rotation', sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table('runs') as table:
        table.drop_column('rotation')
