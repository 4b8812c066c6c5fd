"""Rules: pure functions and frozen structs; time and randomness come in as arguments."""
