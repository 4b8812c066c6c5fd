"""What users sent besides text."""

from __future__ import annotations

from kidoku.http.json_api.shapes import Told


class RefetchedTold(Told, frozen=True, kw_only=True):
    """How many files, content and preview, are fetched again."""

    files: int
