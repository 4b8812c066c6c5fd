"""Hypothesis without a deadline: how busy the machine is says nothing about the rules."""

from hypothesis import settings

settings.register_profile("kidoku", deadline=None)
settings.load_profile("kidoku")
