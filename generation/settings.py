"""Settings of a run: mode, prompts, sampling and limits, read from a TOML file."""

import copy
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

MODES = {"plan": ("writer", "coder", "reviser"), "turns": ("therapist", "client")}
"""Modes and the speakers or readers that each asks a model to be."""

CHECKS_VERSIONS = (1, 2)
"""Versions of the acceptance checks; a recorded session keeps the one that it was accepted by."""

DECISIONS = ("sampled", "paper")
"""Rules by which mode `turns` decides the therapist's next label; see `generation.sessions.decision`."""


class SettingsError(ValueError):
    """Raised for a settings file that can't be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How one part of a session asks: its prompt and sampling parameters.

    Attributes:
        prompt: Folder below `generation/prompts`.
        temperature: Sampling temperature, 0 to 2.
        max_tokens: Largest completion, in tokens, 1 or more.
    """

    prompt: str
    temperature: float
    max_tokens: int

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise SettingsError(f"temperature {self.temperature!r} is outside 0 to 2")
        if self.max_tokens < 1:
            raise SettingsError(f"max_tokens {self.max_tokens!r} is below 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Course of a session of mode `turns`.

    Attributes:
        decision: One of `DECISIONS`.
        min_utterances: The therapist may end the session from this utterance on.
        max_utterances: The session ends with this utterance; odd, since the therapist opens and closes.
    """

    decision: str
    min_utterances: int
    max_utterances: int

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise SettingsError(f"decision {self.decision!r} is not one of {', '.join(DECISIONS)}")
        if not 3 <= self.min_utterances <= self.max_utterances or self.max_utterances % 2 == 0:
            raise SettingsError(
                f"min_utterances {self.min_utterances} and max_utterances {self.max_utterances} must hold "
                "3 <= min <= max, with max odd (the therapist speaks first and last)"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a session depends on besides its profile and plan.

    Attributes:
        mode: A key of `MODES`.
        random_seed: Start of every random draw.
        session_attempts: Sessions tried for one profile, 1 or more.
        check_retries: Times that a failed check goes back to the model, 0 or more.
        checks_version: Acceptance checks of mode `plan`: 1, or 2 with those of a session with risk.
        asking: How each part asks, by name of the part.
        turns: Limits of mode `turns`; None in mode `plan`.
        later: Settings of the profiles from an id on, with that id, in rising order: a corpus goes on with
            better prompts while what is recorded keeps its own.
    """

    mode: str
    random_seed: int
    session_attempts: int
    check_retries: int
    asking: dict[str, Asking]
    checks_version: int = 1
    turns: Turns | None = None
    later: tuple[tuple[int, "Settings"], ...] = ()

    def __post_init__(self) -> None:
        if self.checks_version not in CHECKS_VERSIONS:
            raise SettingsError(
                f"checks_version {self.checks_version} is not one of {', '.join(map(str, CHECKS_VERSIONS))}"
            )
        if self.session_attempts < 1 or self.check_retries < 0:
            raise SettingsError(
                f"session_attempts {self.session_attempts} must be 1 or more and check_retries "
                f"{self.check_retries} 0 or more"
            )

    @property
    def prompts(self) -> list[str]:
        """Names of the prompts used by any profile, in order."""
        own = {asking.prompt for asking in self.asking.values()}
        return sorted(own.union(*(settings.prompts for _, settings in self.later)))

    def of_profile(self, profile_id: int) -> "Settings":
        """Return the settings in force for a profile, without any later ones."""
        begun = [settings for first, settings in self.later if first <= profile_id]
        return begun[-1] if begun else replace(self, later=())

    def up_to(self, profile_id: int) -> "Settings":
        """Return the settings without what holds only from a later profile on."""
        return replace(self, later=tuple(item for item in self.later if item[0] <= profile_id))

    @property
    def newest(self) -> "Settings":
        """The settings that profiles yet to be written get."""
        return self.later[-1][1] if self.later else self


def load_settings(path: Path) -> Settings:
    """Read and check a settings file.

    Args:
        path: TOML file, such as `generation/settings/default.toml`.

    Returns:
        The settings.

    Raises:
        SettingsError: If the file is missing, is no TOML, or a value is missing, unknown or out of range; the
            message names the file and the key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"settings file {path} does not exist; see generation/settings for the shipped ones"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    try:
        return _settings(table)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _settings(table: dict[str, Any]) -> Settings:
    later = table.pop("later", {})
    base = _one_settings(copy.deepcopy(table))
    found = []
    for first, changes in later.items():
        if not (first.isdecimal() and isinstance(changes, dict)):
            raise SettingsError(f"[later.{first}] must name a profile's id and hold settings")
        try:
            found.append((int(first), _one_settings(_changed(copy.deepcopy(table), changes))))
        except SettingsError as error:
            raise SettingsError(f"[later.{first}] {error}") from None
    return replace(base, later=tuple(sorted(found, key=lambda item: item[0])))


def _changed(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Lay the changes over a table, section by section."""
    for key, value in changes.items():
        is_section = isinstance(value, dict) and isinstance(table.get(key), dict)
        table[key] = table[key] | value if is_section else value
    return table


def _one_settings(table: dict[str, Any]) -> Settings:
    mode = table.pop("mode", None)
    if mode not in MODES:
        raise SettingsError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    asking = {part: _section(Asking, table.pop(part, None), part) for part in MODES[mode]}
    turns = _section(Turns, table.pop("turns", None), "turns") if mode == "turns" else None
    values = {}
    for key in ("random_seed", "session_attempts", "check_retries", "checks_version"):
        value = table.pop(key, 1 if key == "checks_version" else None)
        if type(value) is not int:
            raise SettingsError(f"{key} is {value!r}; it must be a whole number")
        values[key] = value
    if table:
        raise SettingsError(f"unknown key {next(iter(table))!r} in mode {mode!r}; remove it")
    return Settings(mode=mode, asking=asking, turns=turns, **values)


def _section(record: type, table: Any, name: str) -> Any:
    if not isinstance(table, dict):
        raise SettingsError(f"section [{name}] is missing")
    expected = {field.name: field.type for field in fields(record)}
    for key in table:
        if key not in expected:
            raise SettingsError(f"unknown key {key!r} in [{name}]; allowed are {', '.join(expected)}")
    for key, kind in expected.items():
        value = table.get(key)
        if type(value) is not kind and not (kind is float and type(value) is int):
            raise SettingsError(f"{key} in [{name}] is {value!r}; it must be a {kind.__name__}")
    try:
        return record(**table)
    except SettingsError as error:
        raise SettingsError(f"[{name}] {error}") from None
