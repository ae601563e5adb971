"""OpenAI Batch service: submit a batch file, ask how far it is, download the answers.

What was submitted is kept in ``batch.json`` beside the batch file, and each batch bears the hash of its
requests, so that a stop between any two steps submits nothing twice.

Source:
    OpenAI, Batch API guide: 50,000 requests and 200 MB a file, answers within 24 hours at half the price.
"""

import hashlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import openai

from generation.backends.batch_parts import (
    ANSWERS_FILE,
    ERRORS_FILE,
    REQUESTS_FILE,
    VOID,
    Part,
    part_of,
    read_parts,
    write_parts,
)
from generation.backends.connection import KEY_VARIABLE, checked_url
from generation.backends.interface import BackendError

MAX_REQUESTS, MAX_BYTES = 50_000, 200_000_000
MAX_BATCHES_SEARCHED = 200
HASH_KEY = "requests_sha256"


class BatchService:
    """The Batch API of an endpoint; the key comes from the environment alone.

    Args:
        base_url: Root of the API; None for `OPENAI_BASE_URL` or, without it, OpenAI's own.
        max_requests: Most requests of one batch.
        max_bytes: Most bytes of one batch.

    Raises:
        BackendError: If no key is set or the URL can't be used.
    """

    def __init__(
        self, base_url: str | None = None, *, max_requests: int = MAX_REQUESTS, max_bytes: int = MAX_BYTES
    ) -> None:
        self._key = os.environ.get(KEY_VARIABLE, "").strip()
        if not self._key:
            raise BackendError(f"no key: set {KEY_VARIABLE} in the environment", is_fatal=True)
        self.base_url = checked_url(
            base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
        )
        self._limits = max_requests, max_bytes
        self._client = openai.OpenAI(api_key=self._key, base_url=self.base_url, max_retries=5)

    def submit(self, folder: Path) -> list[Part]:
        """Submit the batch file of a folder, in several batches where it is too large for one.

        Batches that are at the service already, from a submission that was cut short, are taken as they are.

        Raises:
            BackendError: If there is no batch file, the folder's earlier batches were not downloaded, or the
                service refuses.
        """
        path = folder / REQUESTS_FILE
        sizes = {_hash(lines): len(lines) for lines in self._chunks(path)}
        earlier = {part.requests_sha256: part for part in read_parts(folder) if not part.is_void}
        if earlier and not earlier.keys() & sizes.keys():
            self._make_way(folder)
        known = {sha256: part for sha256, part in earlier.items() if sha256 in sizes}
        if len(known) < len(sizes):
            known = self._parts_at_service(sizes) | known
        for lines in self._chunks(path):
            sha256 = _hash(lines)
            if sha256 not in known:
                known[sha256] = self._create(sha256, lines)
            write_parts(folder, list(known.values()))
        parts = [known[sha256] for sha256 in sizes]
        write_parts(folder, parts)
        return parts

    def refresh(self, folder: Path) -> list[Part]:
        """Ask the service how far the folder's batches are."""
        parts = [self._retrieve(part) for part in _submitted(folder)]
        write_parts(folder, parts)
        return parts

    def download(self, folder: Path) -> Path:
        """Download the answers of the folder's batches, whole or not at all.

        Returns:
            Path of the answers, for ``import``. Requests that failed are in `ERRORS_FILE` beside it.

        Raises:
            BackendError: If a batch has not ended, was refused whole, or a file can't be fetched.
        """
        parts = self.refresh(folder)
        for part in parts:
            if not part.has_ended:
                raise BackendError(f"batch {part.batch_id} is {part.status}; download when all have ended")
            if part.errors:
                raise BackendError(f"the service refused batch {part.batch_id}: {part.errors[0]}")
        self._fetch([part.error_file_id for part in parts], folder / ERRORS_FILE)
        self._fetch([part.output_file_id for part in parts], folder / ANSWERS_FILE)
        return folder / ANSWERS_FILE

    def _chunks(self, path: Path) -> Iterator[list[bytes]]:
        max_requests, max_bytes = self._limits
        lines: list[bytes] = []
        n_bytes = 0
        try:
            with path.open("rb") as file:
                for line in file:
                    if lines and (len(lines) == max_requests or n_bytes + len(line) > max_bytes):
                        yield lines
                        lines, n_bytes = [], 0
                    lines.append(line)
                    n_bytes += len(line)
        except OSError as error:
            raise BackendError(
                f"batch file {path} can't be read: {error.strerror}; write it with `export`"
            ) from None
        if not lines:
            raise BackendError(f"{path} holds no request; no session waits")
        yield lines

    def _make_way(self, folder: Path) -> None:
        if not (folder / ANSWERS_FILE).exists():
            raise BackendError(
                f"{folder} holds batches of other requests that were not downloaded; download them first, or "
                "export to another folder"
            )
        (folder / ANSWERS_FILE).unlink()

    def _create(self, sha256: str, lines: list[bytes]) -> Part:
        try:
            file = self._client.files.create(file=(REQUESTS_FILE, b"".join(lines)), purpose="batch")
            batch = self._client.batches.create(
                input_file_id=file.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={HASH_KEY: sha256},
            )
        except openai.OpenAIError as error:
            raise self._failed("submit", error) from None
        return part_of(batch, sha256, len(lines))

    def _parts_at_service(self, sizes: dict[str, int]) -> dict[str, Part]:
        try:
            batches = list(islice(self._client.batches.list(limit=100), MAX_BATCHES_SEARCHED))
        except openai.OpenAIError as error:
            raise self._failed("look for batches", error) from None
        found = {}
        for batch in batches:
            sha256 = (batch.metadata or {}).get(HASH_KEY)
            if sha256 in sizes and batch.status not in VOID:
                found[sha256] = part_of(batch, sha256, sizes[sha256])
        return found

    def _retrieve(self, part: Part) -> Part:
        if part.has_ended:
            return part
        try:
            batch = self._client.batches.retrieve(part.batch_id)
        except openai.OpenAIError as error:
            raise self._failed(f"ask for batch {part.batch_id}", error) from None
        return part_of(batch, part.requests_sha256, part.n_requests)

    def _fetch(self, file_ids: list[str | None], path: Path) -> None:
        temporary = path.with_name(f"{path.name}.part")
        try:
            with temporary.open("wb") as file:
                for file_id in filter(None, file_ids):
                    with self._client.files.with_streaming_response.content(file_id) as content:
                        for piece in content.iter_bytes():
                            file.write(piece)
            temporary.replace(path)
        except openai.OpenAIError as error:
            raise self._failed("download", error) from None
        finally:
            temporary.unlink(missing_ok=True)

    def _failed(self, what: str, error: openai.OpenAIError) -> BackendError:
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return BackendError(f"{self.base_url} refuses the key in {KEY_VARIABLE}; set another")
        if isinstance(error, openai.NotFoundError):
            return BackendError(f"{what}: {self.base_url} has no such batch or file, or no Batch API")
        cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else None
        text = " ".join(str(cause or error).replace(self._key, "***").split())[:300]
        return BackendError(f"{what}: {self.base_url}: {text}; run the same command again to go on")


def _submitted(folder: Path) -> list[Part]:
    parts = read_parts(folder)
    if not parts:
        raise BackendError(f"nothing was submitted from {folder}; use `batch submit` first")
    return parts


def _hash(lines: list[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()
