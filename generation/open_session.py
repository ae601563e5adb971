"""The one place that picks the session machine for a mode."""

from generation.plan_session import plan_session
from generation.profile import Profile
from generation.session import Session
from generation.settings import Settings
from generation.turns_session import turns_session


def open_session(profile: Profile, plan: dict | None, settings: Settings, forecaster: object | None) -> Session:
    """Start the session of one profile.

    Args:
        profile: The client.
        plan: Labels laid out for the session; needed in mode `plan`.
        settings: Settings of the run.
        forecaster: Model of the therapist's next label; needed in mode `turns`.

    Returns:
        The session, waiting for its first completion.
    """
