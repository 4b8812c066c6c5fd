"""The platform's tables, one function per change."""
