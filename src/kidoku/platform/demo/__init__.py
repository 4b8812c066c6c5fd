"""A demo account, its two users, and a bot that is an ordinary client: it knows the platform only over HTTP."""
