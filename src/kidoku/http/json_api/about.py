"""What an API says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BEARER = {"type": "http", "scheme": "bearer"}


@dataclass(frozen=True, kw_only=True)
class About:
    """Where an API is and how it is described.

    - `name`: as in "the control API".
    - `root`: what all its paths begin with; `openapi`: the path of its description.
    - `text`: what it is for.
    - `headers`: names of the headers that every answer carries.
    - `keys`: OpenAPI's security schemes; `security` says which of them are asked for, `{}` that it may be none.
    - `elsewhere`: paths that others answer and that are described with it, as OpenAPI has them.
    """

    name: str
    root: str
    openapi: str
    text: str
    headers: Sequence[str] = ()
    keys: Mapping[str, Any] = field(default_factory=lambda: {"key": BEARER})
    security: Sequence[Mapping[str, Any]] = ({"key": []},)
    elsewhere: Mapping[str, Any] = field(default_factory=dict)
