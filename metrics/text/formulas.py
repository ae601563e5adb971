"""Formulas: stock phrases of generated Korean sessions that readers named, and in how many they stand."""

import re
from collections.abc import Sequence

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue

FORMULAS = {
    "어떻게 하실 것 같으세요": r"어떻게 하실 것 같(?:으세요|습니까)",
    "어떻게 해 보시겠어요": r"어떻게 해 (?:보시겠|보실|볼래)",
    "어떻게 하고 싶으세요": r"어떻게 하고 싶으(?:세요|십니까)",
    "뭘 해 볼 수 있겠어요": r"(?:뭘|무엇을) 해 (?:볼|보실) 수 있(?:겠|을)",
    "○○ 씨가 정하시는 거예요": r"(?:정하시는|정하는|정하실) (?:거|것|일)",
    "말씀은 남겨 두고": r"(?:말씀|이야기|얘기)[은을만]?(?: 하나[는만]?)? (?:남겨|담아|챙겨) (?:두|가)",
    "다음에 듣겠습니다": r"다음[에번][^.?!]{0,20}(?:듣겠|들을게)",
    "다음에 들려주세요": r"다음[에번][^.?!]{0,20}들려",
    "조심히 들어가세요": r"(?:조심히|조심해서|살펴) (?:들어)?가(?:세|십|요)",
    "와 주셔서 고맙습니다": r"와 주셔서 (?:고맙|감사)",
    "제가 아는 것을 말씀드려도": r"제가 아는 [^.?!]{0,25}(?:말씀드|이야기해|얘기해|들려드|알려드|전해)",
    "~다고 알려져 있어요": r"알려져 있(?:어요|습니다|고요|죠|지요)",
    "사람마다 달라요": r"사람마다 (?:달라|다르|다릅)",
    "마음이 있으시군요": r"마음이 있으시(?:군요|네요|지요|죠)",
    "용기를 내 주셨네요": r"용기(?:를|가)? (?:내|있으)",
    "쉽지 않으셨을 텐데": r"쉽지 않(?:으셨|았)을",
}
"""Name -> pattern. From comments of blind readers and the commonest phrases of the first hundred sessions."""


def formula_counts(dialogues: Sequence[TextDialogue]) -> dict[str, int]:
    """Count the dialogues in which the therapist says each formula.

    Args:
        dialogues: Korean dialogues with words, shape (n_dialogues,).

    Returns:
        Count by name, commonest first; formulas that none holds have 0.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T General: 오늘 와 주셔서 고맙습니다.", language=Language.KOREAN)
        >>> next(iter(formula_counts([a, a]).items()))
        ('와 주셔서 고맙습니다', 2)
    """
    texts = [_said(dialogue) for dialogue in dialogues]
    counts = {name: sum(bool(re.search(p, text)) for text in texts) for name, p in FORMULAS.items()}
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def common_formula_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Tell in which dialogues the therapist says the formula that comes back in most of them.

    Args:
        dialogues: Korean dialogues with words, shape (n_dialogues,).

    Returns:
        1 or 0 for each dialogue, shape (n_dialogues,): whether it holds the commonest of `FORMULAS`.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T General: 오늘 와 주셔서 고맙습니다.", language=Language.KOREAN)
        >>> common_formula_share([a, dialogue("T Affirm: 다녀오셨네요.", language=Language.KOREAN)])
        [1.0, 0.0]

    Source:
        Ours: what blind readers of this dataset's batches called recited.
    """
    commonest = re.compile(FORMULAS[next(iter(formula_counts(dialogues)))])
    return [CountRatio(int(bool(commonest.search(_said(dialogue)))), 1) for dialogue in dialogues]


def _said(dialogue: TextDialogue) -> str:
    return "\n".join(turn.text for turn in dialogue.turns_of(Role.THERAPIST))
