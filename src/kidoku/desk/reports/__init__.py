"""What is measured while the desk works: targets that are nearly missed."""
