"""`python -m kidoku`: the command line, for where its script is not on the PATH."""

from kidoku.cli.main import main

main()
