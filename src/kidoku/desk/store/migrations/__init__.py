"""Alembic's migrations of the desk's tables, oldest first."""

from pathlib import Path

SCRIPTS = Path(__file__).parent
HEAD = "0001_d2fc02"
"""The newest revision. A test holds it against the files."""
