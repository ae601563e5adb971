"""The one place that picks the session machine for a mode."""

from forecaster.interface import Forecaster
from forecaster.plan_record import Plan
from generation.client_profile import Profile
from generation.sessions.plan_session import plan_session
from generation.sessions.session import Session
from generation.sessions.turns_session import turns_session
from generation.settings import Settings


def open_session(
    profile: Profile, plan: Plan | None, settings: Settings, forecaster: Forecaster | None = None
) -> Session:
    """Start the session of one profile.

    Args:
        profile: The client.
        plan: Labels laid out for the session; needed in mode `plan`.
        settings: Settings of the run; those of the profile are taken from them.
        forecaster: Model of the therapist's next label; needed in mode `turns`.

    Returns:
        The session, waiting for its first completion.

    Raises:
        ValueError: If the mode's plan or forecaster is missing.
    """
    name = f"{profile.id:04d}"
    settings = settings.of_profile(profile.id)
    if settings.mode == "plan":
        if plan is None:
            raise ValueError(f"profile {profile.id} has no plan; make one with `python -m forecaster plan`")
        return Session(name, plan_session(profile, plan, settings))
    if forecaster is None:
        raise ValueError("mode 'turns' needs a forecaster; its weights are forecaster/weights/ngram.json")
    return Session(name, turns_session(profile, settings, forecaster))
