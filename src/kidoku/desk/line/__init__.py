"""LINE's Messaging API as the desk calls it."""
