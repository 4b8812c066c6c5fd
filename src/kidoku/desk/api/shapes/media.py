"""What users sent besides text, and pictures of the team's."""

from __future__ import annotations

from kidoku.http.json_api.shapes import Told


class RefetchedTold(Told, frozen=True, kw_only=True):
    """How many files, content and preview, are fetched again."""

    files: int


class PictureTold(Told, frozen=True, kw_only=True):
    """The addresses of a picture, as an image message of LINE's wants them."""

    original_content_url: str
    preview_image_url: str
