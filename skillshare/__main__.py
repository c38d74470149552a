"""`python -m skillshare` is the `skillshare` command."""

from skillshare.cli import main

main()
