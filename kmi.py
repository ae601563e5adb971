"""KMI: Korean Motivational Interviewing dialogues, and the contract that every part of the project shares.

This module alone holds the roles, labels, sublabels, categories, profile fields, configs and splits; schemas,
class ids, prompts and tables derive from it. It imports the standard library and `datasets` (with the
pyarrow that `datasets` brings) and nothing of ours, so that it also works as a single file.

Source:
    Kim et al. (2025), KMI: A Dataset of Korean Motivational Interviewing Dialogues for Psychotherapy,
    NAACL 2025, arXiv 2502.05651: roles, categories and the labels of the release. The client labels
    Sustain Talk and Neutral, the sublabels and the profile are added here.
"""

from enum import StrEnum

DATA_VERSION = "0.1.0"


class Role(StrEnum):
    """Speaker of an utterance, as the published data spells it."""

    THERAPIST = "Therapist"
    CLIENT = "Client"


class Label(StrEnum):
    """Behavior code of one utterance; the value is what the published data stores and never changes.

    Source:
        Kim et al. (2025), README of the release; Moyers, Manuel and Ernst (2014), MITI 4.2.1, and Miller et
        al. (2003), MISC 2.1, for the definitions.
    """

    SIMPLE_REFLECTION = "Simple Reflection"
    COMPLEX_REFLECTION = "Complex Reflection"
    OPEN_QUESTION = "Open Question"
    CLOSED_QUESTION = "Closed Question"
    AFFIRM = "Affirm"
    GIVE_INFORMATION = "Give Information"
    ADVISE = "Advise"
    GENERAL = "General"
    CHANGE_TALK = "Change Talk"
    SUSTAIN_TALK = "Sustain Talk"
    NEUTRAL = "Neutral"

    @property
    def role(self) -> Role:
        """The one speaker who can bear this label."""
        return Role.CLIENT if self in CLIENT_LABELS else Role.THERAPIST

    @property
    def definition(self) -> str:
        """One-sentence definition in English."""
        return LABEL_DEFINITIONS[self][1]

    @property
    def name_ko(self) -> str:
        """The label's name in Korean."""
        return LABEL_DEFINITIONS[self][0]


CLIENT_LABELS = (Label.CHANGE_TALK, Label.SUSTAIN_TALK, Label.NEUTRAL)
THERAPIST_LABELS = tuple(label for label in Label if label not in CLIENT_LABELS)
REFLECTIONS = (Label.SIMPLE_REFLECTION, Label.COMPLEX_REFLECTION)
QUESTIONS = (Label.OPEN_QUESTION, Label.CLOSED_QUESTION)
MAIN_ACT_ORDER = (
    Label.COMPLEX_REFLECTION,
    Label.SIMPLE_REFLECTION,
    Label.OPEN_QUESTION,
    Label.CLOSED_QUESTION,
    Label.AFFIRM,
    Label.ADVISE,
    Label.GIVE_INFORMATION,
    Label.GENERAL,
)
"""A therapist turn that does two things takes the first of these that is its main act."""

LABEL_DEFINITIONS = {
    Label.SIMPLE_REFLECTION: (
        "단순 반영",
        "Conveys what the client said, repeated or rephrased, with little or no added meaning.",
    ),
    Label.COMPLEX_REFLECTION: (
        "복합 반영",
        "Adds substantial meaning or emphasis to what the client said: feeling, meaning, both sides, summary.",
    ),
    Label.OPEN_QUESTION: ("열린 질문", "A question that leaves the client a wide range of possible answers."),
    Label.CLOSED_QUESTION: ("닫힌 질문", "A question for yes or no, a number, a fact or one of few options."),
    Label.AFFIRM: ("인정", "Says something positive about the client's strengths, efforts, steps or choice."),
    Label.GIVE_INFORMATION: ("정보 제공", "Gives facts, explains or gives feedback without advising."),
    Label.ADVISE: ("조언", "Suggests or recommends something that the client could do."),
    Label.GENERAL: ("일반", "Greeting, structuring, facilitation, thanks or closing, and nothing else."),
    Label.CHANGE_TALK: ("변화 대화", "The client speaks in favor of changing the target behavior."),
    Label.SUSTAIN_TALK: ("유지 대화", "The client speaks in favor of keeping things as they are, or against change."),
    Label.NEUTRAL: ("중립", "The client describes, follows or asks without leaning toward or away from change."),
}


class Sublabel(StrEnum):
    """Finer code of an utterance: technique of a therapist turn, DARN-CAT type of change or sustain talk.

    Source:
        Miller and Rollnick (2013), Motivational Interviewing, 3rd edition; MISC 2.1 for the kinds of reflection.
    """

    REPEAT = "Repeat"
    REPHRASE = "Rephrase"
    SUMMARY = "Summary"
    FEELING = "Feeling"
    MEANING = "Meaning"
    DOUBLE_SIDED = "Double-Sided"
    AMPLIFIED = "Amplified"
    CONTINUING = "Continuing"
    REFRAME = "Reframe"
    EXPLORING = "Exploring"
    FOCUSING = "Focusing"
    EVOKING = "Evoking"
    ELABORATING = "Elaborating"
    SCALING = "Scaling"
    LOOKING_BACK = "Looking Back"
    LOOKING_FORWARD = "Looking Forward"
    EXTREMES = "Extremes"
    VALUES = "Values"
    ELICITING = "Eliciting"
    KEY_QUESTION = "Key Question"
    PLANNING = "Planning"
    FACT = "Fact"
    CHECKING = "Checking"
    PERMISSION = "Permission"
    CONFIRMING = "Confirming"
    SAFETY = "Safety"
    EFFORT = "Effort"
    STRENGTH = "Strength"
    STEP = "Step"
    AUTONOMY = "Autonomy"
    ON_REQUEST = "On Request"
    WITH_PERMISSION = "With Permission"
    WITHOUT_PERMISSION = "Without Permission"
    OPTIONS = "Options"
    GREETING = "Greeting"
    STRUCTURE = "Structure"
    FACILITATE = "Facilitate"
    THANKS = "Thanks"
    CLOSING = "Closing"
    DESIRE = "Desire"
    ABILITY = "Ability"
    REASON = "Reason"
    NEED = "Need"
    COMMITMENT = "Commitment"
    ACTIVATION = "Activation"
    TAKING_STEPS = "Taking Steps"
    DESCRIBING = "Describing"
    ASKING = "Asking"
    FOLLOWING = "Following"


DARN_CAT = (
    Sublabel.DESIRE,
    Sublabel.ABILITY,
    Sublabel.REASON,
    Sublabel.NEED,
    Sublabel.COMMITMENT,
    Sublabel.ACTIVATION,
    Sublabel.TAKING_STEPS,
)

SUBLABELS = {
    Label.SIMPLE_REFLECTION: (Sublabel.REPEAT, Sublabel.REPHRASE, Sublabel.SUMMARY),
    Label.COMPLEX_REFLECTION: (
        Sublabel.FEELING,
        Sublabel.MEANING,
        Sublabel.DOUBLE_SIDED,
        Sublabel.AMPLIFIED,
        Sublabel.CONTINUING,
        Sublabel.REFRAME,
        Sublabel.SUMMARY,
    ),
    Label.OPEN_QUESTION: (
        Sublabel.EXPLORING,
        Sublabel.FOCUSING,
        Sublabel.EVOKING,
        Sublabel.ELABORATING,
        Sublabel.SCALING,
        Sublabel.LOOKING_BACK,
        Sublabel.LOOKING_FORWARD,
        Sublabel.EXTREMES,
        Sublabel.VALUES,
        Sublabel.ELICITING,
        Sublabel.KEY_QUESTION,
        Sublabel.PLANNING,
        Sublabel.SAFETY,
    ),
    Label.CLOSED_QUESTION: (
        Sublabel.FACT,
        Sublabel.CHECKING,
        Sublabel.PERMISSION,
        Sublabel.SCALING,
        Sublabel.CONFIRMING,
        Sublabel.SAFETY,
    ),
    Label.AFFIRM: (Sublabel.EFFORT, Sublabel.STRENGTH, Sublabel.STEP, Sublabel.AUTONOMY),
    Label.GIVE_INFORMATION: (
        Sublabel.ON_REQUEST,
        Sublabel.WITH_PERMISSION,
        Sublabel.WITHOUT_PERMISSION,
        Sublabel.SAFETY,
    ),
    Label.ADVISE: (
        Sublabel.ON_REQUEST,
        Sublabel.WITH_PERMISSION,
        Sublabel.WITHOUT_PERMISSION,
        Sublabel.OPTIONS,
        Sublabel.SAFETY,
    ),
    Label.GENERAL: (
        Sublabel.GREETING,
        Sublabel.STRUCTURE,
        Sublabel.FACILITATE,
        Sublabel.AUTONOMY,
        Sublabel.THANKS,
        Sublabel.CLOSING,
    ),
    Label.CHANGE_TALK: DARN_CAT,
    Label.SUSTAIN_TALK: DARN_CAT,
    Label.NEUTRAL: (Sublabel.DESCRIBING, Sublabel.ASKING, Sublabel.FOLLOWING),
}


class Category(StrEnum):
    """Topic of a dialogue, in English as the release spells it; `name_ko` is the Korean name."""

    MENTAL_HEALTH = "Mental Health"
    INTERPERSONAL_RELATIONSHIPS = "Interpersonal Relationships"
    EGO_PERSONALITY = "Ego·Personality"
    CAREER_EMPLOYMENT = "Career·Employment"
    ACADEMIC_EXAMINATION = "Academic·Examination"
    ADDICTION_OBSESSION = "Addiction·Obsession"
    FAMILY = "Family"

    @property
    def name_ko(self) -> str:
        """The category's name in Korean, as the release spells it."""
        return CATEGORY_NAMES_KO[self]


CATEGORY_NAMES_KO = {
    Category.MENTAL_HEALTH: "정신건강",
    Category.INTERPERSONAL_RELATIONSHIPS: "대인관계",
    Category.EGO_PERSONALITY: "자아·성격",
    Category.CAREER_EMPLOYMENT: "취업·진로",
    Category.ACADEMIC_EXAMINATION: "학업·고시",
    Category.ADDICTION_OBSESSION: "중독·집착",
    Category.FAMILY: "가족",
}


class StageOfChange(StrEnum):
    """How ready the client is to change the target behavior (Prochaska and DiClemente, 1983)."""

    PRECONTEMPLATION = "precontemplation"
    CONTEMPLATION = "contemplation"
    PREPARATION = "preparation"
    ACTION = "action"


class Risk(StrEnum):
    """Kind of risk that a session must take up first; users filter on it."""

    NONE = "none"
    SUICIDE_SELF_HARM = "suicide_self_harm"
    ALCOHOL_DRUGS = "alcohol_drugs"
    VIOLENCE_ABUSE = "violence_abuse"


class Outcome(StrEnum):
    """How a session is meant to end."""

    COMMITMENT = "commitment"
    SMALL_STEP = "small_step"
    UNDECIDED = "undecided"
    DECLINES = "declines"


SPLITS = ("train", "validation", "test")
CONFIGS = ("dialogues", "utterances", "messages")
