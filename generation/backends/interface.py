"""What every backend offers, and how it fails."""

from typing import Protocol

from generation.sessions.request import Completion, Request


class BackendError(ValueError):
    """Raised where a request gets no completion.

    Attributes:
        is_fatal: Whether every other request would fail in the same way, so that a run should stop asking.
    """

    def __init__(self, message: str, *, is_fatal: bool = False) -> None:
        super().__init__(message)
        self.is_fatal = is_fatal


class CapReachedError(BackendError):
    """Raised for a request that is not sent, since the run has spent what it may; always fatal."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_fatal=True)


class Backend(Protocol):
    """A way of getting completions; any number of requests may be under way at once."""

    async def complete(self, request: Request) -> Completion:
        """Return the completion of a request.

        Raises:
            BackendError: If there is none; the message names the request and what to do.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
