"""Adapters of two invented sites: the example of the manual's chapter on adapters."""
