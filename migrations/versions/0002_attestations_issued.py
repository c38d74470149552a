"""attestations are issued: a state of letters of its own, with nobody's signature"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BEFORE = "state IN ('to_sign', 'signed', 'superseded', 'cancelled')"
AFTER = "state IN ('to_sign', 'signed', 'issued', 'superseded', 'cancelled')"
COMPLETE = ("state <> 'issued' OR (kind = 'attestation' AND number IS NOT NULL AND sha256 IS NOT NULL "
            "AND pdf IS NOT NULL AND signed_at IS NOT NULL)")
INDEX, STATES = 'uq_letters_one_current_per_loan', 'ck_letters_letter_state'
CURRENT_BEFORE, CURRENT_AFTER = "state IN ('to_sign', 'signed')", "state IN ('to_sign', 'signed', 'issued')"


def upgrade():
    if op.get_bind().dialect.name == 'sqlite':
        _rewrite(f'CHECK ({BEFORE})', f'CHECK ({AFTER}), CONSTRAINT ck_letters_issued_is_complete CHECK ({COMPLETE})')
    else:
        op.drop_constraint(op.f(STATES), 'letters', type_='check')
        op.create_check_constraint(op.f(STATES), 'letters', AFTER)
        op.create_check_constraint(op.f('ck_letters_issued_is_complete'), 'letters', COMPLETE)
    _index(CURRENT_AFTER)


def downgrade():
    """Refused where attestations were issued: they cannot be told in the older schema."""
    if op.get_bind().scalar(sa.text("SELECT 1 FROM letters WHERE state = 'issued' LIMIT 1")):
        raise RuntimeError('attestations were issued: restore the backup made before the upgrade instead')
    if op.get_bind().dialect.name == 'sqlite':
        _rewrite(f'CHECK ({AFTER}), CONSTRAINT ck_letters_issued_is_complete CHECK ({COMPLETE})', f'CHECK ({BEFORE})')
    else:
        op.drop_constraint(op.f('ck_letters_issued_is_complete'), 'letters', type_='check')
        op.drop_constraint(op.f(STATES), 'letters', type_='check')
        op.create_check_constraint(op.f(STATES), 'letters', BEFORE)
    _index(CURRENT_BEFORE)


def _rewrite(old, new):
    """Change constraints in SQLite's own record of the table, as its documentation describes where no stored row
    changes: rebuilding the table would drop what its foreign keys hold."""
    bind = op.get_bind()
    text = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'letters'"))
    if text.count(old) != 1:
        raise RuntimeError('the table letters is not as migration 0001 made it')
    version = bind.exec_driver_sql('PRAGMA schema_version').scalar()
    bind.exec_driver_sql('PRAGMA writable_schema = ON')
    bind.execute(sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'letters'"),
                 {'sql': text.replace(old, new)})
    bind.exec_driver_sql(f'PRAGMA schema_version = {version + 1}')
    bind.exec_driver_sql('PRAGMA writable_schema = OFF')
    if bind.exec_driver_sql('PRAGMA integrity_check').scalar() != 'ok':
        raise RuntimeError('the database is not sound after the change')


def _index(current):
    op.drop_index(INDEX, 'letters')
    op.create_index(INDEX, 'letters', ['loan_id', 'kind'], unique=True, sqlite_where=sa.text(current),
                    postgresql_where=sa.text(current))
