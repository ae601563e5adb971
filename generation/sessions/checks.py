"""Acceptance checks of written turns: regular expressions only, so that no library update decides anew.

Each check names the turn, a `Reason` and, in Korean, what is wrong, since the text goes back to the model.

Source:
    Kim et al. (2025), section 3: polite speech, one or two sentences and the list of stock words are their
    constraints on the therapist. Limits for summaries, information and clients are ours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generation.sessions.reasons import Reason
from generation.sessions.utterance import Utterance
from kmi import QUESTIONS, REFLECTIONS, Label, Role, Sublabel

THERAPIST_SENTENCES = 3
LONG_THERAPIST_SENTENCES = 4
CLIENT_SENTENCES = 8
LONG_SUBLABELS = (Sublabel.SUMMARY, Sublabel.STRUCTURE, Sublabel.GREETING, Sublabel.CLOSING, Sublabel.OPTIONS)
LONG_LABELS = (Label.GIVE_INFORMATION, Label.ADVISE)
GUNYO_SHARE = 0.15
AGREEMENT_SHARE = 0.25
FORMULAS_ALLOWED = 1
"""Turns of a session that may bear one and the same formula of interpretation or correction."""
HELP_LINES = ("109", "1388", "1577-0199", "1366", "1336", "1342", "1577-1389", "119", "112")
"""The only telephone numbers that a dialogue may name."""

_SENTENCE_END = re.compile(r"(?<=[.?!…])[\"”’']?\s+")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|‘[^’]*’")
_POLITE = re.compile(r"(?:요|죠|니다|니까|시오|네|예|음|응)(?:, [가-힣 ]{1,12})?[.?!…~\"”’]*$")
_PLAIN = re.compile(
    r"(?:[가-힣]*[한했였았었겠있없같좋싫된됐갔왔]다|(?:했|있|없|겠|았|었|였|됐|갔|왔|봤|그래|같|좋|싫)어|잖아|거든|구나|이야|거야"
    r"|할게|할래|는군|는걸|했지|하지|겠지|하자|해라|하렴)[.!…~]*$"
)
_QUESTION_END = re.compile(r"(?:요|까|죠|네|예)\?+$")
_REQUEST = re.compile(r"주세요|주셔요|줘요|주실|주시|궁금|싶어요|싶습니다|싶은데요|볼까요|들려|말씀해")
_CONTROL = re.compile(
    r"[\[\]{}<>#*_|`\n\t]|\([^)]*\)|https?://|www\.|(?:상담자|내담자|Therapist|Client)\s*:"
    r"|\bn\s*=|change talk|sustain talk|[\U0001F000-\U0001FAFF\u2600-\u27BF]",
    re.IGNORECASE,
)
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-z]")
_STOCK = re.compile(
    r"첫걸음|한 걸음|첫 단계|한 단계|작은 변화|시작점|의지가 대단"
    r"|응원(?:합|해|하)|힘내(?:세|시)|함께 찾아|함께 나아가|여정|(?<![가-힣])매우(?![가-힣])"
    r"|(?<![가-힣])당신(?![가-힣]*도둑)|귀하(?:의|께|는)|여러분"
)
_SUPPORT = re.compile(
    r"(?<![가-힣])(?:지지(?!부진)|자원(?!봉사|입대)"
    r"|(?<!입사 )(?<!대학 )(?<!서류 )지원(?!금|서|자|동기|율|센터|사업|제도|했|하신|한 | 님| 씨| 학생))"
)
_AGREEMENT = re.compile(
    r"^(?:네|예|넵|맞아요|맞습니다|맞어요|그렇죠|그렇습니다|그럼요|그러게요|응|어 맞)(?![가-힣])"
)
_INTERPRETATION = re.compile(
    r"라기보다|다기보다|정말 바라시는|(?:이|가|게) 아니라 [^.?!]*(?:거예요|거네요|거죠|거고요|건데요)"
)
_CORRECTION = re.compile(r"^[^.?!]{0,14}(?:다기보다|기보단|은 아니고|는 아니고|건 아니고|까지는 아니)")
_TELEPHONE = re.compile(r"\d{2,4}-\d{3,4}(?:-\d{4})?")
_SHORT_TELEPHONE = re.compile(
    r"(?<![\d,.-])(1\d{2,3})(?![\d,-])(?=번?(?:으로|로|에)\s*(?:전화|연락|문자|거|걸))"
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One failed check.

    Attributes:
        n: Turn that it is about, from 1; 0 for the whole session.
        reason: Kind of failure.
        detail: What is wrong and what is allowed, in Korean.
    """

    n: int
    reason: Reason
    detail: str

    def __str__(self) -> str:
        return (
            f"{self.n}번 차례 ({self.reason}): {self.detail}" if self.n else f"({self.reason}) {self.detail}"
        )


def sentences(text: str) -> list[str]:
    """Split a spoken turn into sentences at final punctuation followed by a space.

    Example:
        >>> sentences("그러셨네요. 언제부터요?")
        ['그러셨네요.', '언제부터요?']
    """
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def starts_with_agreement(text: str) -> bool:
    """Tell whether a client's turn begins by agreeing (네, 맞아요 …) and then goes on.

    Example:
        >>> starts_with_agreement("네, 그랬어요."), starts_with_agreement("네.")
        (True, False)
    """
    match = _AGREEMENT.match(text)
    return bool(match) and len(_HANGUL.findall(text)) > len(_HANGUL.findall(match.group()))


def check_turn(turn: Utterance) -> list[Complaint]:
    """Check one turn by itself.

    Args:
        turn: The turn as written.

    Returns:
        All that is wrong with it; empty if nothing is.
    """
    found = [*_check_text(turn), *_check_numbers(turn)]
    if turn.role is Role.THERAPIST:
        found += [*_check_speech_level(turn), *_check_questions(turn), *_check_stock(turn)]
    n_sentences, limit = len(sentences(turn.ko)), _sentence_limit(turn)
    if n_sentences > limit:
        found.append(Complaint(turn.n, Reason.SENTENCES, f"{n_sentences}문장입니다. {limit}문장까지 됩니다."))
    return found


def check_dialogue(turns: Sequence[Utterance]) -> list[Complaint]:
    """Check a whole session: every turn, then what only the whole can show.

    Args:
        turns: All turns in order.

    Returns:
        All that is wrong, in the order of the turns; empty if nothing is.
    """
    found = [complaint for turn in turns for complaint in check_turn(turn)]
    seen: dict[str, int] = {}
    for turn in turns:
        if len(turn.ko) > 15 and turn.ko in seen:
            found.append(Complaint(turn.n, Reason.REPETITION, f"{seen[turn.ko]}번 차례와 글이 같습니다."))
        seen.setdefault(turn.ko, turn.n)
    therapist = [turn for turn in turns if turn.role is Role.THERAPIST]
    client = [turn for turn in turns if turn.role is Role.CLIENT]
    gunyo = [turn for turn in therapist if re.search(r"군요[.!…]*$", turn.ko)]
    agreeing = [turn for turn in client if starts_with_agreement(turn.ko)]
    for turn in gunyo[max(2, int(GUNYO_SHARE * len(therapist))) :]:
        found.append(Complaint(turn.n, Reason.REPETITION, "‘~군요’로 끝나는 상담자 차례가 너무 많습니다."))
    for turn in agreeing[max(2, int(AGREEMENT_SHARE * len(client))) :]:
        found.append(Complaint(turn.n, Reason.REPETITION, "맞장구로 시작하는 내담자 차례가 너무 많습니다."))
    found += _formulas(therapist, _INTERPRETATION, "‘A라기보다 B’, ‘A가 아니라 B’ 꼴의 해석이 되풀이됩니다.")
    found += _formulas(client, _CORRECTION, "상담자의 짐작을 고쳐 주는 말(‘~다기보다’)이 되풀이됩니다.")
    return sorted(found, key=lambda complaint: complaint.n)


def _formulas(turns: Sequence[Utterance], pattern: re.Pattern[str], detail: str) -> list[Complaint]:
    matching = [turn for turn in turns if pattern.search(turn.ko)]
    return [Complaint(turn.n, Reason.REPETITION, detail) for turn in matching[FORMULAS_ALLOWED:]]


def _sentence_limit(turn: Utterance) -> int:
    if turn.role is Role.CLIENT:
        return CLIENT_SENTENCES
    is_long = turn.sublabel in LONG_SUBLABELS or turn.label in LONG_LABELS
    return LONG_THERAPIST_SENTENCES if is_long else THERAPIST_SENTENCES


def _check_text(turn: Utterance) -> list[Complaint]:
    found = []
    for text in (turn.ko, turn.en):
        if control := _CONTROL.search(text):
            found.append(
                Complaint(
                    turn.n, Reason.CONTROL_TEXT, f"{control.group()!r}는 말한 것이 아닙니다. 빼 주세요."
                )
            )
    n_hangul, n_latin = len(_HANGUL.findall(turn.ko)), len(_LATIN.findall(turn.ko))
    if not n_hangul or n_latin > n_hangul:
        found.append(Complaint(turn.n, Reason.KOREAN, "ko에 한국어가 없거나 적습니다."))
    if _HANGUL.search(turn.en) or not _LATIN.search(turn.en):
        found.append(Complaint(turn.n, Reason.ENGLISH, "en이 비었거나 한글이 들어 있습니다."))
    elif len(turn.ko) >= 12 and not 0.9 * len(turn.ko) <= len(turn.en) <= 5 * len(turn.ko):
        found.append(
            Complaint(
                turn.n, Reason.ENGLISH, "en의 길이가 ko와 맞지 않습니다. 빠뜨리거나 보탠 것이 있는지 보세요."
            )
        )
    return found


def _check_numbers(turn: Utterance) -> list[Complaint]:
    numbers = _TELEPHONE.findall(turn.ko) + _SHORT_TELEPHONE.findall(turn.ko)
    return [
        Complaint(
            turn.n,
            Reason.HELP_LINE,
            f"{number}은 쓸 수 없는 전화번호입니다. {', '.join(HELP_LINES)}만 됩니다.",
        )
        for number in numbers
        if number not in HELP_LINES
    ]


def _check_speech_level(turn: Utterance) -> list[Complaint]:
    parts = sentences(_QUOTED.sub("", turn.ko))
    plain = [
        part
        for part in parts
        if _PLAIN.search(part) or (part.endswith("?") and not _QUESTION_END.search(part))
    ]
    if not plain and len(turn.ko) > 25 and not any(_POLITE.search(part) for part in parts):
        plain = parts[-1:]
    return [Complaint(turn.n, Reason.SPEECH_LEVEL, f"존댓말이 아닙니다: {part[-20:]}") for part in plain]


def _check_questions(turn: Utterance) -> list[Complaint]:
    spoken = _QUOTED.sub("", turn.ko)
    n_questions = len(re.findall(r"\?+", spoken))
    if n_questions > 1:
        return [Complaint(turn.n, Reason.QUESTIONS, f"물음이 {n_questions}개입니다. 하나만 됩니다.")]
    if n_questions and turn.label in (*REFLECTIONS, Label.AFFIRM):
        return [Complaint(turn.n, Reason.QUESTIONS, f"{turn.label.value}에는 물음표가 없어야 합니다.")]
    if not n_questions and turn.label in QUESTIONS and not _REQUEST.search(spoken):
        return [Complaint(turn.n, Reason.QUESTIONS, f"{turn.label.value}인데 묻는 말이 없습니다.")]
    return []


def _check_stock(turn: Utterance) -> list[Complaint]:
    spoken = _QUOTED.sub("", turn.ko)
    phrases = [match.group() for match in _STOCK.finditer(spoken)]
    if turn.label in (Label.AFFIRM, Label.GENERAL):
        phrases += [match.group() for match in _SUPPORT.finditer(spoken)]
    return [Complaint(turn.n, Reason.STOCK_PHRASE, f"{phrase!r}은 쓰지 않는 말입니다.") for phrase in phrases]
