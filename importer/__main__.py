"""`python -m importer` is the command `simkl-import`."""

from importer.cli.main import main

main()
