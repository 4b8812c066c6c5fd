"""The phone: what a user of the platform holds in their hand."""
