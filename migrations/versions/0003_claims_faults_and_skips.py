"""claims of mails, faults of jobs, pairs a run did not propose"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('outbox') as table:
        table.add_column(sa.Column('claimed_at', sa.DateTime(), nullable=True))
    with op.batch_alter_table('job_runs') as table:
        table.add_column(sa.Column('faults', sa.JSON(), server_default='[]', nullable=False))
    with op.batch_alter_table('runs') as table:
        table.add_column(sa.Column('skipped', sa.Integer(), server_default='0', nullable=False))


def downgrade():
    with op.batch_alter_table('runs') as table:
        table.drop_column('skipped')
    with op.batch_alter_table('job_runs') as table:
        table.drop_column('faults')
    with op.batch_alter_table('outbox') as table:
        table.drop_column('claimed_at')
