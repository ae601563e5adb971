"""Choice of a backend, as options or as a worker elsewhere has it: plain values, opened where it is used."""

from argparse import Namespace
from dataclasses import dataclass, fields
from typing import Self

from generation.backends.interface import Backend, BackendError
from generation.backends.meter import Meter
from generation.backends.replay import Replay

KINDS = ("replay", "store", "openai", "transformers")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendChoice:
    """Which backend is to be asked, and how.

    Attributes:
        kind: One of `KINDS`. The first two know nothing beyond what was answered before.
        model: Name of the model, for the last two.
        base_url: Root of an endpoint's API; None for the usual one.
        concurrency: Most requests at once.
        requests_per_minute: Rate to keep; None for no limit.
        tokens_per_minute: Rate to keep; None for no limit.
        device: Where a local model runs.
        dtype: Number format of a local model.
    """

    kind: str
    model: str | None = None
    base_url: str | None = None
    concurrency: int = 16
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    device: str = "auto"
    dtype: str = "auto"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BackendError(f"backend {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.kind in ("openai", "transformers") and not self.model:
            raise BackendError(f"backend {self.kind} needs the name of a model; give it with --model")

    @classmethod
    def of(cls, options: Namespace) -> Self:
        """Take the choice from a command's options, which name the fields, and the kind `backend`."""
        names = [field.name for field in fields(cls) if field.name != "kind"]
        return cls(kind=options.backend, **{name: getattr(options, name) for name in names})

    def open(self, meter: Meter) -> Backend:
        """Open the backend.

        Args:
            meter: Counts the requests of an endpoint and holds the caps.

        Raises:
            BackendError: If it can't be used.
        """
        # Each library takes seconds to import, and only its own backend needs it.
        if self.kind == "openai":
            from generation.backends.endpoint import Endpoint

            return Endpoint(
                self.model,
                self.base_url,
                meter=meter,
                concurrency=self.concurrency,
                requests_per_minute=self.requests_per_minute,
                tokens_per_minute=self.tokens_per_minute,
            )
        if self.kind == "transformers":
            from generation.backends.local_model import LocalModel

            return LocalModel(
                self.model, device=self.device, dtype=self.dtype, batch_size=self.concurrency, meter=meter
            )
        return Replay({})
