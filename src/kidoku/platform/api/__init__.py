"""The Messaging API."""
