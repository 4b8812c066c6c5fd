"""The desk's API: for its pages, for programs and for the command line."""
