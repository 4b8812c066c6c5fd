"""LINE's side of the wire."""
