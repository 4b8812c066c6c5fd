"""The Manager: the back office of Official Accounts."""
