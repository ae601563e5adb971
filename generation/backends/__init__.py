"""Backends: ways of getting completions for requests."""
