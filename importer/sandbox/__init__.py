"""A look-alike of the Simkl API on loopback: the project's test double and its demo."""
