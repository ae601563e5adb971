"""Completions: where they are kept, recorded, written out as batches and taken in."""
