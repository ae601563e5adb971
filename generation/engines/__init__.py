"""Engines: ways of spreading sessions over processes and machines."""
