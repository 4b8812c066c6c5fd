"""`kidoku desk` and the commands below it."""
