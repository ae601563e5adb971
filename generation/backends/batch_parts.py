"""Batches at the OpenAI Batch service, and the file beside a batch file that remembers them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generation.backends.interface import BackendError
from generation.files import write_json

if TYPE_CHECKING:
    from openai.types import Batch

REQUESTS_FILE, ANSWERS_FILE, ERRORS_FILE = "requests.jsonl", "answers.jsonl", "errors.jsonl"
STATE_FILE = "batch.json"
VOID = ("failed", "expired", "cancelling", "cancelled")
ENDED = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One batch at the service: a batch file, or a part of one too large for one batch.

    Attributes:
        requests_sha256: Hash of those lines.
        n_requests: Their number.
        batch_id: Id that the service gave.
        status: Status as the service names it.
        n_completed: Requests answered so far.
        output_file_id: File of the answers, once there is one.
        error_file_id: File of the requests that failed, if any did.
        errors: Why the service refused the batch, if it did.
    """

    requests_sha256: str
    n_requests: int
    batch_id: str
    status: str
    n_completed: int = 0
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether the service is done with it, whatever came of it."""
        return self.status in ENDED

    @property
    def is_void(self) -> bool:
        """Whether it ended, or will, with requests left over that one may submit again."""
        return self.status in VOID


def read_parts(folder: Path) -> list[Part]:
    """Read what was submitted from a folder; nothing where nothing was.

    Raises:
        BackendError: If the record is damaged.
    """
    path = folder / STATE_FILE
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["batches"]
        return [Part(**record | {"errors": tuple(record["errors"])}) for record in records]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise BackendError(f"{path} is damaged ({error}); mend it, or export to another folder") from None


def write_parts(folder: Path, parts: list[Part]) -> None:
    """Keep what was submitted from a folder."""
    write_json(folder / STATE_FILE, {"batches": [asdict(part) for part in parts]})


def part_of(batch: "Batch", sha256: str, n_requests: int) -> Part:
    """Make the record of a batch as the service describes it."""
    counts, errors = batch.request_counts, batch.errors
    return Part(
        requests_sha256=sha256,
        n_requests=n_requests,
        batch_id=batch.id,
        status=batch.status,
        n_completed=counts.completed if counts else 0,
        output_file_id=batch.output_file_id,
        error_file_id=batch.error_file_id,
        errors=tuple(error.message or "no reason given" for error in (errors.data or []) if error)
        if errors
        else (),
    )
