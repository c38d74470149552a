"""Alembic's environment: the application's database and metadata, one transaction for an upgrade."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.begin() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True, compare_type=True,
                          transactional_ddl=True)
        with context.begin_transaction():
            context.run_migrations()


run()
