"""Alembic runs this: on the connection that ``store.migrations`` hands over."""

from alembic import context

from store.rows import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
