"""Kidoku: read receipts for LINE Official Accounts, end to end."""

__version__ = "0.1.0"
