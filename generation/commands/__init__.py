"""Commands of ``python -m generation``."""
