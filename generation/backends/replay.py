"""Backend `replay`: completions from a recording and from nowhere else."""

from collections.abc import Mapping

from generation.backends.interface import BackendError
from generation.sessions.request import Completion, Request


class Replay:
    """Completions of a recording.

    Args:
        completions: Recorded completions by the hash of their request.
    """

    def __init__(self, completions: Mapping[str, Completion]) -> None:
        self._completions = completions

    async def complete(self, request: Request) -> Completion:
        """Return the recorded completion; see `Backend`."""
        completion = self._completions.get(request.hash)
        if completion is None:
            raise BackendError(
                f"session {request.session} asks {request.name} ({request.hash[:16]}), not recorded; "
                "did profiles, plans, prompts or settings change since? `python -m generation export` "
                "writes what is missing"
            )
        return completion

    async def close(self) -> None:
        """Do nothing; there is no connection."""
