"""The start page: what a message becoming Read looks like, and how to connect a bot."""
