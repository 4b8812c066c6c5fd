"""Where the control API lives."""

from typing import Final

ROOT: Final = "/_kidoku/v1"
OPENAPI: Final = "/_kidoku/openapi.json"
