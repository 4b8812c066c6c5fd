"""ASGI plumbing shared by both sides."""
