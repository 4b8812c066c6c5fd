"""What to do next, by code, for what every API refuses."""

from __future__ import annotations


def see(openapi: str) -> str:
    return f"Its shape stands in {openapi}."


def general(openapi: str) -> dict[str, str]:
    """Hints where a problem doesn't bring one; `openapi` is the path of the API's description."""
    return {
        "incomplete_body": "Send as many bytes as Content-Length says, or the last chunk.",
        "invalid_body": see(openapi),
        "invalid_json": "Send one JSON object in UTF-8.",
        "invalid_query": see(openapi),
        "nothing_to_change": see(openapi),
    }
