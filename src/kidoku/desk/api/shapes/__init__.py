"""Bodies and answers of the desk's API."""
