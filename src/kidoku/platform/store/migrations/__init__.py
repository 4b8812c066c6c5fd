"""Alembic's migrations of the platform's tables, oldest first."""

from pathlib import Path

SCRIPTS = Path(__file__).parent
HEAD = "0002_42087a"
"""The newest revision. A test holds it against the files."""
