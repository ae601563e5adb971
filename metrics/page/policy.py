"""The Content-Security-Policy of pages that are one file."""

import base64
import hashlib


def source_hash(source: str) -> str:
    """Name an inline script or style, so that a policy can allow it and nothing else.

    Args:
        source: The text between the tags.

    Example:
        >>> source_hash("")
        'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
