"""Live events: the bus and server-sent events."""
