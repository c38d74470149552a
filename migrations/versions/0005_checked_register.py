"""what the last check of the register found, and an index to walk it"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('letter_anomalies',
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_letter_anomalies_letter_id_letters')),
    sa.PrimaryKeyConstraint('letter_id', 'code', name=op.f('pk_letter_anomalies'))
    )
    op.create_table('register_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_checks'))
    )
    op.create_index('ix_letters_register', 'letters', ['loan_id', 'kind', 'state', 'year', 'sequence', 'signed_at',
                                                       'signed_by_id', 'delegation_id', 'employer_id'])


def downgrade():
    op.drop_index('ix_letters_register', table_name='letters')
    op.drop_table('register_checks')
    op.drop_table('letter_anomalies')
