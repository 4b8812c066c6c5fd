"""Outbound message objects, validated as LINE validates them."""
