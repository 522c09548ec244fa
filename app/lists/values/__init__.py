"""Parsers of single cells: each gives a value and what is wrong with it, never crashes and never invents."""
