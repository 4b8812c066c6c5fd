"""How Alembic runs here: always on the connection that the start-up gives it."""

from alembic import context

from kidoku.desk.store import deferred_schema, neighbours_schema, reports_schema  # noqa: F401 - have tables of their own
from kidoku.desk.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
