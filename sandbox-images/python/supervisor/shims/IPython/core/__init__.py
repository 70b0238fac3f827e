"""Older names of `IPython.display`."""
