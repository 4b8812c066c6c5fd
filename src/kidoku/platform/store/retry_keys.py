"""Retry keys: a send that was accepted once is not sent again for a day (LINE: docs, "Retry failed API requests")."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.schema import retry_keys
from kidoku.storage.refused import Refused

REMEMBERED_MS = 86_400_000
"""24 hours from the request that was accepted; then the key is a new one."""


class Retry(NamedTuple):
    """The retry key of a request, and the ID that the request itself has been given."""

    key: str
    request_id: str


class AlreadyAccepted(Refused):
    """The key belongs to the request `request_id`, which was answered `answer`."""

    def __init__(self, request_id: str, answer: bytes) -> None:
        super().__init__("retry_key_accepted", f"The request {request_id} was accepted with this retry key.")
        self.request_id = request_id
        self.answer = answer


def require_new(conn: sa.Connection, channel_id: int, retry: Retry | None, now: int) -> None:
    """Raises AlreadyAccepted when a request with this key was accepted in the last 24 hours."""
    if retry is None:
        return
    found = sa.select(retry_keys.c.request_id, retry_keys.c.answer).where(
        retry_keys.c.channel_id == channel_id,
        retry_keys.c.retry_key == retry.key,
        retry_keys.c.accepted_at > now - REMEMBERED_MS,
    )
    row = conn.execute(found).first()
    if row is not None:
        raise AlreadyAccepted(row.request_id, row.answer)


def remember(conn: sa.Connection, channel_id: int, retry: Retry | None, answer: bytes, now: int) -> None:
    """Keep the key of a request that is being accepted, in its transaction; forget those that are too old."""
    if retry is None:
        return
    conn.execute(
        sa.delete(retry_keys).where(
            retry_keys.c.channel_id == channel_id, retry_keys.c.accepted_at <= now - REMEMBERED_MS
        )
    )
    conn.execute(
        sa.insert(retry_keys).values(
            channel_id=channel_id,
            retry_key=retry.key,
            request_id=retry.request_id,
            answer=answer,
            accepted_at=now,
        )
    )
