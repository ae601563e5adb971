"""Inputs of a run: profiles, plans and settings, and the sessions opened from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecaster.interface import Forecaster
from forecaster.ngram import load_ngram
from forecaster.plan_record import Plan
from generation.client_profile import Profile, load_profiles
from generation.plan import load_plans
from generation.sessions.open_session import open_session
from generation.sessions.session import Session
from generation.settings import Settings, load_settings
from kmi import Role

HERE = Path(__file__).parent
PROFILES = HERE / "profiles" / "profiles.jsonl"
SETTINGS = HERE / "settings" / "corpus.toml"
RECORDING = HERE / "recording"
PLANS = RECORDING / "plans.jsonl"
COMPLETIONS = RECORDING / "completions"
RECORDED_MANIFEST = RECORDING / "manifest.json"


class InputsError(ValueError):
    """Raised for inputs that do not fit together."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of n equal parts of the profiles, so that several processes or writers can share the work.

    Attributes:
        number: 1 to `n_shards`.
        n_shards: 1 or more.
    """

    number: int = 1
    n_shards: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.n_shards:
            raise InputsError(f"shard {self.number}/{self.n_shards} must hold 1 <= i <= n, such as 2/4")

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read a shard as a user writes it.

        Example:
            >>> Shard.parse("2/4")
            Shard(number=2, n_shards=4)
        """
        number, _, n_shards = text.partition("/")
        if not (number.isdecimal() and n_shards.isdecimal()):
            raise InputsError(f"shard {text!r} must have the form i/n, such as 2/4")
        return cls(int(number), int(n_shards))

    def __str__(self) -> str:
        return f"{self.number}/{self.n_shards}"

    def holds(self, position: int) -> bool:
        """Tell whether the profile at a position, from 0, belongs to this shard."""
        return position % self.n_shards == self.number - 1


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the sessions of a run are made from, in the order of the profiles file.

    Attributes:
        profiles: The clients.
        plans: Plans by profile id; empty in mode `turns`.
        settings: Settings of the run.
        forecaster: Model of the therapist's next label in mode `turns`; None in mode `plan`.
    """

    profiles: list[Profile]
    plans: dict[int, Plan]
    settings: Settings
    forecaster: Forecaster | None = None

    def open_sessions(self) -> Iterator[Session]:
        """Start the sessions one after another, each waiting for its first completion."""
        for profile in self.profiles:
            yield open_session(profile, self.plans.get(profile.id), self.settings, self.forecaster)


def load_inputs(
    profiles: Path, plans: Path, settings: Path, shard: Shard | None = None, limit: int | None = None
) -> Inputs:
    """Read the inputs of a run.

    Args:
        profiles: Profiles file, JSONL.
        plans: Plans file, JSONL; read in mode `plan` alone.
        settings: Settings file, TOML.
        shard: Part of the profiles to take; None for all.
        limit: Largest number of profiles, taken from the start; None for all.

    Raises:
        ValueError: If a file can't be used, or a profile has no plan in mode `plan`; the message says where.
    """
    loaded = load_settings(settings)
    part = shard or Shard()
    chosen = [profile for n, profile in enumerate(load_profiles(profiles)) if part.holds(n)][:limit]
    if loaded.mode != "plan":
        return Inputs(chosen, {}, loaded, load_ngram(Role.THERAPIST))
    known = load_plans(plans)
    missing = [profile.id for profile in chosen if profile.id not in known]
    if missing:
        raise InputsError(
            f"{plans} has no plan for profile {missing[0]}"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
            + "; make them with `python -m forecaster plan`"
        )
    return Inputs(chosen, known, loaded)
