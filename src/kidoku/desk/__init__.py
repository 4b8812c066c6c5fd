"""The bot server behind an Official Account: intake, read policies, marking, and the team's inbox."""
