"""Providers: isolated worlds."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.schema import providers


class Provider(NamedTuple):
    provider_id: int
    name: str
    created_at: int


def list_providers(conn: sa.Connection) -> list[Provider]:
    """All of them, oldest first: the first is where things go that name none."""
    columns = (providers.c.provider_id, providers.c.name, providers.c.created_at)
    found = conn.execute(sa.select(*columns).order_by(providers.c.created_at, providers.c.provider_id))
    return [Provider(*row) for row in found]
