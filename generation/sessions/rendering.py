"""Profiles, plans and transcripts as the text that prompts take; part of every request's hash."""

from collections.abc import Collection, Sequence

from forecaster.plan_record import Plan
from generation.client_profile import Profile
from generation.sessions.utterance import Utterance, speaker_ko
from kmi import Category, Outcome, StageOfChange

STAGES_KO = {
    StageOfChange.PRECONTEMPLATION: "전숙고(바꿀 생각이 거의 없음)",
    StageOfChange.CONTEMPLATION: "숙고(바꿀까 말까 함)",
    StageOfChange.PREPARATION: "준비(곧 바꾸려 함)",
    StageOfChange.ACTION: "실행(바꾸는 중)",
}
OUTCOMES_KO = {
    Outcome.COMMITMENT: "스스로 다짐하고 무엇을 할지 정한다",
    Outcome.SMALL_STEP: "크게 다짐하지는 않지만 해 볼 것 하나를 말한다",
    Outcome.UNDECIDED: "마음을 정하지 못한 채로, 그러나 더 생각해 보겠다는 쪽으로 끝난다",
    Outcome.DECLINES: "지금은 바꾸지 않겠다고 한다",
}
RESISTANCE_KO = {"low": "낮음", "moderate": "중간", "high": "높음"}
GENDERS_KO = {"female": "여성", "male": "남성"}
REFERRALS_KO = {
    "self": "스스로 옴",
    "family": "가족이 보냄",
    "school": "학교에서 보냄",
    "workplace": "직장에서 보냄",
    "court": "법원이나 보호관찰소에서 보냄",
    "medical": "의료기관에서 보냄",
    "friend": "친구가 권함",
    "other": "그 밖의 경위로 옴",
}


def profile_text(profile: Profile) -> str:
    """Write a profile as the client's sheet, for the writer, the reviser and the client simulator.

    Args:
        profile: The client.

    Returns:
        Korean lines ``- name: value``.
    """
    lines = [
        ("이름과 호칭", f"{profile.name} (상담자는 ‘{profile.address}’라고 부름)"),
        ("나이, 성별", f"{profile.age}세, {GENDERS_KO[profile.gender]}"),
        ("하는 일", profile.occupation),
        ("사는 곳과 함께 사는 사람", f"{profile.region}, {profile.household}"),
        ("분야", Category(profile.category).name_ko),
        ("의뢰 경위(상담자도 앎)", referral_text(profile)),
        ("목표 행동", profile.target_behavior),
        ("사정", _bullets(profile.situation)),
        ("바꾸고 싶은 까닭", _bullets(profile.reasons_for_change)),
        ("그대로 두고 싶은 까닭", _bullets(profile.reasons_against_change)),
        ("변화 단계", STAGES_KO[StageOfChange(profile.stage_of_change)]),
        ("저항", RESISTANCE_KO[profile.resistance]),
        ("말투", profile.speech_style),
        ("회기의 결말", OUTCOMES_KO[Outcome(profile.intended_outcome)]),
    ]
    if profile.risk_detail:
        lines.append(("위험(회기에서 드러나야 함)", profile.risk_detail))
    return "\n".join(f"- {name}: {value}" for name, value in lines)


def referral_text(profile: Profile) -> str:
    """Write who sent the client and why: all that the therapist knows but the address."""
    return f"{REFERRALS_KO[profile.referred_by]}. {profile.referral_reason}"


def plan_text(plan: Plan) -> str:
    """Write a plan, one numbered line a turn: speaker, label, sublabel, phase."""
    return "\n".join(
        f"{n}. {speaker_ko(turn.role)} | {turn.label.value} / {turn.sublabel.value} | {turn.phase}"
        for n, turn in enumerate(plan.turns, start=1)
    )


def blind_transcript(turns: Sequence[Utterance]) -> str:
    """Write the Korean turns without any label, for the coder."""
    return "\n".join(f"{turn.n}. {speaker_ko(turn.role)}: {turn.ko}" for turn in turns)


def labeled_transcript(turns: Sequence[Utterance]) -> str:
    """Write the turns with labels and English, for the reviser."""
    return "\n".join(map(_labeled, turns))


def labeled_excerpt(turns: Sequence[Utterance], flagged: Collection[int]) -> str:
    """Write flagged turns with labels and English, two turns before and one after each in Korean alone.

    Args:
        turns: All turns in order.
        flagged: Numbers of turns, from 1; with 0 among them, which is the whole session, every turn is shown.
    """
    near = {n + step for n in flagged for step in (-2, -1, 0, 1)}
    lines, last = [], 0
    for turn in turns:
        if turn.n not in near and 0 not in flagged:
            continue
        if turn.n > last + 1:
            lines.append("…")
        is_flagged = turn.n in flagged or 0 in flagged
        lines.append(_labeled(turn) if is_flagged else f"{turn.n}. {speaker_ko(turn.role)}: {turn.ko}")
        last = turn.n
    return "\n".join(lines)


def _labeled(turn: Utterance) -> str:
    head = f"{turn.n}. {speaker_ko(turn.role)} [{turn.label.value} / {turn.sublabel or '-'}]"
    return f"{head}\n   {turn.ko}\n   {turn.en}"


def _bullets(items: Sequence[str]) -> str:
    return "".join(f"\n  - {item}" for item in items)
