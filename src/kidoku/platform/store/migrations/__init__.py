"""Alembic's migrations of the platform's tables, oldest first."""

from pathlib import Path

SCRIPTS = Path(__file__).parent
HEAD = "0001_ed4233"
"""The newest revision. A test holds it against the files."""
