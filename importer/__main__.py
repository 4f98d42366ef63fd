"""`python -m importer` is the command `simkl-import`."""

from importer.cli.main import main

if __name__ == "__main__":
    main()
