"""KMI: Korean Motivational Interviewing dialogues, and the contract that every part of the project shares.

This module alone holds the roles, labels, categories, profile fields, columns, configs and splits. It imports
nothing of ours, so it works as a single file, and importing it makes `load_dataset("kmi")` work anywhere.

Source:
    Kim et al. (2025), KMI: A Dataset of Korean Motivational Interviewing Dialogues for Psychotherapy, NAACL,
    arXiv 2502.05651. Client labels Sustain Talk and Neutral, sublabels and profiles are added here.
"""

import hashlib
import json
import warnings
from collections.abc import Iterator
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
from datasets import ClassLabel, SplitGenerator, Value

DATA_VERSION = "0.1.0"
ORIGINAL_COMMIT = "1134c981658ae45b85ab5217d0979965d0f22904"
ORIGINAL_URL = f"https://raw.githubusercontent.com/hjkim811/KMI/{ORIGINAL_COMMIT}/kmi.json"
ORIGINAL_BLOB_ID = "a07db8a8b5ea5910017058dd470dce671fa5af60"


class Role(StrEnum):
    """Speaker of an utterance, as the published data spells it."""

    THERAPIST, CLIENT = "Therapist", "Client"


class Named(StrEnum):
    """Published value with a Korean name `name_ko` and, for a label, an English `definition`."""

    def __new__(cls, value: str, name_ko: str, definition: str = "") -> Self:
        """Make a member that equals its value alone."""
        member = str.__new__(cls, value)
        member._value_, member.name_ko, member.definition = value, name_ko, definition
        return member


class Label(Named):
    """Behavior code of one utterance; the value is what the published data stores and never changes.

    Source:
        Kim et al. (2025), README of the release; definitions: MITI 4.2.1 (Moyers et al., 2014), MISC 2.1.
    """

    # fmt: off
    SIMPLE_REFLECTION = "Simple Reflection", "단순 반영", (
        "Conveys what the client said, repeated or rephrased, with little or no added meaning.")
    COMPLEX_REFLECTION = "Complex Reflection", "복합 반영", (
      "Adds substantial meaning or emphasis to what the client said: feeling, meaning, both sides, summary.")
    OPEN_QUESTION = (
        "Open Question", "열린 질문", "A question that leaves the client a wide range of possible answers.")
    CLOSED_QUESTION = (
        "Closed Question", "닫힌 질문", "A question for yes or no, a number, a fact or one of few options.")
    AFFIRM = (
        "Affirm", "인정", "Says something positive about the client's strengths, efforts, steps or choice.")
    GIVE_INFORMATION = (
        "Give Information", "정보 제공", "Gives facts, explains or gives feedback without advising.")
    ADVISE = "Advise", "조언", "Suggests or recommends something that the client could do."
    GENERAL = "General", "일반", "Greeting, structuring, facilitation, thanks or closing, and nothing else."
    CHANGE_TALK = "Change Talk", "변화 대화", "The client speaks in favor of changing the target behavior."
    SUSTAIN_TALK = "Sustain Talk", "유지 대화", (
        "The client speaks in favor of keeping things as they are, or against change.")
    NEUTRAL = "Neutral", "중립", (
        "The client describes, follows or asks without leaning toward or away from change.")
    # fmt: on

    @property
    def role(self) -> Role:
        """The one speaker who can bear this label."""
        return Role.CLIENT if self in CLIENT_LABELS else Role.THERAPIST


CLIENT_LABELS = (Label.CHANGE_TALK, Label.SUSTAIN_TALK, Label.NEUTRAL)
THERAPIST_LABELS = tuple(label for label in Label if label not in CLIENT_LABELS)
REFLECTIONS = (Label.SIMPLE_REFLECTION, Label.COMPLEX_REFLECTION)
QUESTIONS = (Label.OPEN_QUESTION, Label.CLOSED_QUESTION)
MAIN_ACT_ORDER = (Label.COMPLEX_REFLECTION, Label.SIMPLE_REFLECTION, *QUESTIONS, Label.AFFIRM)
MAIN_ACT_ORDER += (Label.ADVISE, Label.GIVE_INFORMATION, Label.GENERAL)
"""A therapist turn that does two things takes the first of these that is its main act."""


_SUBLABELS = {
    Label.SIMPLE_REFLECTION: "Repeat, Rephrase, Summary",
    Label.COMPLEX_REFLECTION: "Feeling, Meaning, Double-Sided, Amplified, Continuing, Reframe, Summary",
    Label.OPEN_QUESTION: "Exploring, Focusing, Evoking, Elaborating, Scaling, Looking Back, Looking Forward, "
    "Extremes, Values, Eliciting, Key Question, Planning, Safety",
    Label.CLOSED_QUESTION: "Fact, Checking, Permission, Scaling, Confirming, Safety",
    Label.AFFIRM: "Effort, Strength, Step, Autonomy",
    Label.GIVE_INFORMATION: "On Request, With Permission, Without Permission, Safety",
    Label.ADVISE: "On Request, With Permission, Without Permission, Options, Safety",
    Label.GENERAL: "Greeting, Structure, Facilitate, Autonomy, Thanks, Closing",
    Label.CHANGE_TALK: "Desire, Ability, Reason, Need, Commitment, Activation, Taking Steps",
    Label.SUSTAIN_TALK: "Desire, Ability, Reason, Need, Commitment, Activation, Taking Steps",
    Label.NEUTRAL: "Describing, Asking, Following",
}
_NAMES = dict.fromkeys(", ".join(_SUBLABELS.values()).split(", "))
Sublabel = StrEnum("Sublabel", [(name.upper().replace(" ", "_").replace("-", "_"), name) for name in _NAMES])
"""Finer code of an utterance: technique of a therapist turn, DARN-CAT type of change or sustain talk.
Source: Miller and Rollnick (2013), Motivational Interviewing, 3rd ed.; MISC 2.1 for kinds of reflection."""
SUBLABELS = {label: tuple(map(Sublabel, names.split(", "))) for label, names in _SUBLABELS.items()}
DARN_CAT = SUBLABELS[Label.CHANGE_TALK]


class Category(Named):
    """Topic of a dialogue, in English as the release spells it."""

    MENTAL_HEALTH = "Mental Health", "정신건강"
    INTERPERSONAL_RELATIONSHIPS = "Interpersonal Relationships", "대인관계"
    EGO_PERSONALITY = "Ego·Personality", "자아·성격"
    CAREER_EMPLOYMENT = "Career·Employment", "취업·진로"
    ACADEMIC_EXAMINATION = "Academic·Examination", "학업·고시"
    ADDICTION_OBSESSION = "Addiction·Obsession", "중독·집착"
    FAMILY = "Family", "가족"


class StageOfChange(StrEnum):
    """How ready the client is to change the target behavior (Prochaska and DiClemente, 1983)."""

    PRECONTEMPLATION, CONTEMPLATION = "precontemplation", "contemplation"
    PREPARATION, ACTION = "preparation", "action"


class Risk(StrEnum):
    """Kind of risk that a session must take up first; users filter on it."""

    NONE, SUICIDE_SELF_HARM = "none", "suicide_self_harm"
    ALCOHOL_DRUGS, VIOLENCE_ABUSE = "alcohol_drugs", "violence_abuse"


class Outcome(StrEnum):
    """How a session is meant to end."""

    COMMITMENT, SMALL_STEP, UNDECIDED, DECLINES = "commitment", "small_step", "undecided", "declines"


SPLITS = ("train", "validation", "test")
CONFIGS = ("dialogues", "utterances", "messages")
PROFILE_LISTS = ("situation", "reasons_for_change", "reasons_against_change")
PROFILE_FIELDS = ("name", "address", "age", "age_group", "gender", "region", "occupation", "household")
PROFILE_FIELDS += ("referred_by", "referral_reason", "situation", "target_behavior", "reasons_for_change")
PROFILE_FIELDS += ("reasons_against_change", "stage_of_change", "resistance", "speech_style", "risk")
PROFILE_FIELDS += ("risk_detail", "intended_outcome")


def features(config: str) -> datasets.Features:
    """Return the columns of a config, one of `CONFIGS` or "original"; all row schemas derive from them."""
    text, number, identity = Value("string"), Value("int32"), Value("int64")
    turn = dict.fromkeys(("role", "utterance_ko", "utterance_en", "label"), text)
    audit = dict.fromkeys(("sublabel", "planned_label", "written_label", "coded_label"), text)
    profile = {field: [text] if field in PROFILE_LISTS else text for field in PROFILE_FIELDS}
    versions = dict.fromkeys(("planner_version", "session_version", "checks_version"), number)
    provenance = {"mode": text, "model": text, **versions, "prompts": [text], "completions": [text]}
    codes = {k.__name__.lower(): ClassLabel(names=list(map(str, k))) for k in (Role, Label, Sublabel)}
    texts = {f"{when}utterance_{language}": text for when in ("", "previous_") for language in ("ko", "en")}
    filters = dict.fromkeys(("category_en", "stage_of_change", "risk"), text)
    chat = {"opening": text, "messages": [{"role": text, "content": text}], "closing": text}
    original = {"id": identity, "category_ko": text, "category_en": text, "dialogue": [turn]}
    session = {"stage_of_change": text, "risk": text, "session_attempt": number}
    session |= {"profile": profile | {"age": number}, "provenance": provenance}
    columns = {
        "dialogues": original | {"dialogue": [turn | audit]} | session,
        "utterances": {"dialogue_id": identity, "index": number} | codes | texts | filters,
        "messages": {"id": identity} | chat | filters,
        "original": original,
    }
    if config not in columns:
        raise ValueError(f"unknown config {config!r}; choose one of {', '.join(columns)}")
    return datasets.Features(columns[config])


def original_splits(content: bytes, source: str) -> dict[str, pa.Table]:
    """Convert the release's `kmi.json`, or a file in its shape, to one table a split, sorted by id.

    Split rule: order by category and, within it, by SHA-256 of "<category_ko>/<id>"; of each ten in a row the
    ninth is validation and the tenth test. A client's "-", "None" or missing label becomes null.
    """
    english = {category.name_ko: str(category) for category in Category}
    try:
        rows = json.loads(content)
        for row in rows:
            row["category_ko"] = row["category_ko"] if "category_ko" in row else row["category"]
            row["category_en"] = row["category_en"] if "category_en" in row else english[row["category_ko"]]
            for turn in row["dialogue"]:
                untagged = Role(turn["role"]) is Role.CLIENT and turn.get("label") in ("", "-", "None")
                texts = {key: turn[key] for key in ("utterance_ko", "utterance_en")}
                turn |= texts | {"label": None if untagged else turn.get("label")}
        if len({row["id"] for row in rows}) < len(rows):
            raise ValueError("an id occurs twice")
        rows.sort(key=lambda row: hashlib.sha256(f"{row['category_ko']}/{row['id']}".encode()).digest())
        rows.sort(key=lambda row: row["category_ko"])
        train = [row for place, row in enumerate(rows) if place % 10 < 8]
        splits = dict(zip(SPLITS, (train, rows[8::10], rows[9::10]), strict=True))
        schema = features("original").arrow_schema
        return {split: pa.Table.from_pylist(rows, schema).sort_by("id") for split, rows in splits.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        shape = "[{id, category_ko, category_en, dialogue: [{role, utterance_ko, utterance_en, label}]}]"
        raise ValueError(f"{source} does not have the shape of the release, {shape}: {error!r}") from error


def fingerprint(data: Path, local_path: str | None = None) -> str:
    """Hash this file and the place, size and time of the data, so that no cache outlives what made it."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in [*sorted(data.glob("*.parquet")), *([Path(local_path)] if local_path else [])]:
        digest.update(f"{path.resolve()} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


class KmiConfig(datasets.BuilderConfig):
    """Config of the builder; `local_path` names a copy to read in place of the download of `original`."""

    local_path: str | None = None


class Kmi(datasets.ArrowBasedBuilder):
    """Builder of the configs that ship, from the files in `kmi/data`, and of `original`, from the release."""

    BUILDER_CONFIG_CLASS = KmiConfig
    BUILDER_CONFIGS = [KmiConfig(name=name, version=DATA_VERSION) for name in (*CONFIGS, "original")]
    DEFAULT_CONFIG_NAME = CONFIGS[0]

    def __init__(self, *args: Any, base_path: str | None = None, **kwargs: Any) -> None:
        """Find the data beside this file or, where `datasets` 3 runs a copy as a script, in `base_path`."""
        self.data = Path(base_path or Path(__file__).parent) / "kmi" / "data"
        kwargs["hash"] = fingerprint(self.data, kwargs.get("local_path"))
        super().__init__(*args, base_path=base_path, **kwargs | {"data_files": None, "data_dir": None})

    def _info(self) -> datasets.DatasetInfo:
        return datasets.DatasetInfo(features=features(self.config.name), license="CC BY 4.0")

    def _split_generators(self, dl_manager: datasets.DownloadManager) -> list[SplitGenerator]:
        sources = self._original() if self.config.name == "original" else self._files()
        return [SplitGenerator(split, {"data": source}) for split, source in sources.items()]

    def _original(self) -> dict[str, pa.Table]:
        if path := self.config.local_path:
            return original_splits(Path(path).read_bytes(), path)
        try:  # not with `datasets`: version 5 downloads by http only where aiohttp happens to be installed
            with urlopen(ORIGINAL_URL, timeout=60) as answer:
                content = answer.read()
        except (OSError, HTTPException) as error:
            raise ConnectionError(f"can't get {ORIGINAL_URL} ({error}); give a copy as local_path") from error
        blob_id = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        if blob_id != ORIGINAL_BLOB_ID:
            raise ValueError(
                f"{ORIGINAL_URL} has git blob id {blob_id}, not {ORIGINAL_BLOB_ID}: not the release"
            )
        return original_splits(content, ORIGINAL_URL)

    def _files(self) -> dict[str, str]:
        if self.config.local_path:
            raise ValueError(f"config {self.config.name} takes no local_path; only original does")
        splits = [split for split in SPLITS if (self.data / f"dialogues-{split}.parquet").is_file()] or SPLITS
        files = {split: self.data / f"{self.config.name}-{split}.parquet" for split in splits}
        for path in files.values():
            if not path.is_file():
                raise FileNotFoundError(f"{path} is missing: run `make regenerate` or install kmi again")
            if not pq.read_schema(path).equals(features(self.config.name).arrow_schema):
                raise ValueError(f"{path} has other columns than kmi {DATA_VERSION}: run `make regenerate`")
        return {split: str(path) for split, path in files.items()}

    def _generate_tables(self, data: pa.Table | str) -> Iterator[tuple[int, pa.Table]]:
        batches = data.to_batches() if isinstance(data, pa.Table) else pq.ParquetFile(data).iter_batches()
        for number, batch in enumerate(batches):
            yield number, pa.Table.from_batches([batch]).cast(self.info.features.arrow_schema)


def _register() -> None:
    """Let `load_dataset("kmi")` find this module; `datasets` has no public way: a change there only warns."""
    folder = Path(__file__).with_suffix("")
    try:
        load = datasets.load
        registry, factory = load._PACKAGED_DATASETS_MODULES, load.PackagedDatasetModuleFactory
        module, get_module = load.DatasetModule, factory.get_module
        registry["kmi"] = ("kmi", fingerprint(folder / "data"))
    except (AttributeError, TypeError) as error:
        return warnings.warn(f'kmi is not registered ({error}): use load_dataset("{folder}")', stacklevel=2)

    def get_kmi_module(self: Any) -> Any:
        if self.name != "kmi":
            return get_module(self)
        if self.data_files or self.data_dir:
            raise ValueError("kmi takes no data_files and no data_dir; config original takes local_path")
        files = datasets.data_files.DataFilesDict()  # or `datasets` would search the working directory
        return module("kmi", fingerprint(folder / "data"), {"dataset_name": "kmi", "data_files": files})

    factory.get_module = get_kmi_module


if __name__ == "kmi":  # and not where `datasets` 3 runs a copy as a script
    _register()
