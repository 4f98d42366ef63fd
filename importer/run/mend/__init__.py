"""Mending by choice: what is open on record is held against what Simkl has, and a person says which title is meant."""
