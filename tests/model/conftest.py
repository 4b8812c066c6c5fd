"""A port for servers that come and go."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def kept_port() -> Iterator[int]:
    """A port that stays ours while nobody listens at it: no other connection gets it meanwhile."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
