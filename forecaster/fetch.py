"""Downloads AnnoMI from its pinned commit, verifies it, and never leaves half a file behind.

Source:
    Wu et al. (2022), AnnoMI, ICASSP 2022; github.com/uccollab/AnnoMI. See its license before you
    share the file.
"""

import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import BinaryIO

from forecaster.corpus import ANNOMI_SHA256

ANNOMI_COMMIT = "42936645ec3857a9c84ab296a36a3c34b779ef49"
ANNOMI_URL = f"https://raw.githubusercontent.com/uccollab/AnnoMI/{ANNOMI_COMMIT}/AnnoMI-full.csv"
DEFAULT_PATH = Path("build") / "annomi" / "AnnoMI-full.csv"
TIMEOUT_SECONDS = 60
CHUNK_BYTES = 1 << 16


class FetchError(ValueError):
    """AnnoMI could not be downloaded, or what came is not the pinned file."""


def fetch(out: Path, *, url: str = ANNOMI_URL, sha256: str = ANNOMI_SHA256) -> bool:
    """Download a file to `out`, whole and verified or not at all.

    Args:
        out: Where the file goes; folders are made.
        url: Address of the file.
        sha256: Digest that the content must have.

    Returns:
        True if the file was downloaded, False if `out` already held it.

    Raises:
        FetchError: If `out` holds another file, the server cannot be reached, or the content is another.
    """
    if out.exists():
        found = hashlib.sha256(out.read_bytes()).hexdigest() if out.is_file() else "no digest: it is a folder"
        if found == sha256:
            return False
        raise FetchError(
            f"{out} exists, but is not the pinned file (sha256 {found}, expected {sha256}); move it away"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=out.name, suffix=".part", dir=out.parent)
    except OSError as error:
        raise FetchError(f"cannot write to {out.parent}: {error.strerror}") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _download(url, file)
        if digest != sha256:
            raise FetchError(
                f"{url} gave a file with sha256 {digest}, expected {sha256}; nothing was kept. Try again; "
                "if it stays, the source has changed: compare it with the pinned commit"
            )
        part.chmod(0o644)
        part.replace(out)
    except OSError as error:
        raise FetchError(f"cannot write {out}: {error.strerror}; nothing was kept") from error
    finally:
        part.unlink(missing_ok=True)
    return True


def _download(url: str, file: BinaryIO) -> str:
    """Write the content of `url` into the open file and return its sha256."""
    digest = hashlib.sha256()
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # verifies TLS by default
            expected = answer.headers.get("Content-Length")
            n_bytes = 0
            while chunk := answer.read(CHUNK_BYTES):
                file.write(chunk)
                digest.update(chunk)
                n_bytes += len(chunk)
    except urllib.error.HTTPError as error:
        raise FetchError(f"{url} answers {error.code} {error.reason}; check the address") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise FetchError(
            f"cannot reach {url} ({reason}); check the network, or download the file by hand "
            "and give its path"
        ) from error
    if expected is not None and n_bytes < int(expected):
        raise FetchError(
            f"{url} broke off after {n_bytes} of {expected} bytes; nothing was kept, run it again"
        )
    return digest.hexdigest()
