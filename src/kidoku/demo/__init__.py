"""A demo world: an account that a bot answers, one that people answer through the desk, and two users.

All of it consists of ordinary clients: it knows the platform and the desk only over HTTP.
"""
