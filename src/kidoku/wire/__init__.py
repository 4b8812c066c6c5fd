"""LINE's JSON shapes."""
