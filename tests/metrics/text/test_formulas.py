import pytest

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.formulas import FORMULAS, common_formula_share, formula_counts


def said(*texts):
    return dialogue(*(f"T General: {text}" for text in texts), language=Language.KOREAN)


@pytest.mark.parametrize(
    "name, text",
    [
        ("어떻게 하실 것 같으세요", "그 아침을 어떻게 하실 것 같습니까?"),
        ("어떻게 해 보시겠어요", "그럼 그 전화는 어떻게 해 볼래요?"),
        ("○○ 씨가 정하시는 거예요", "그게 언제일지는 주희 씨가 정하시는 거예요."),
        ("말씀은 남겨 두고", "그 말씀 하나는 남겨 두고 가세요."),
        ("다음에 듣겠습니다", "해 본 건 다음에 와서 듣겠습니다."),
        ("제가 아는 것을 말씀드려도", "제가 아는 게 조금 있는데 말씀드려도 괜찮을까요?"),
        ("~다고 알려져 있어요", "그 정도는 괜찮다고 알려져 있어요."),
    ],
)
def test_formula_is_found_by_name(name, text):
    assert [found for found, n in formula_counts([said(text)]).items() if n] == [name]


def test_a_dialogue_counts_once_and_the_client_never():
    twice = said("조심히 들어가세요.", "조심히 들어가세요.")
    client = dialogue("T General: 네.", "C Neutral: 조심히 들어가세요.", language=Language.KOREAN)
    counts = formula_counts([twice, client])
    assert next(iter(counts.items())) == ("조심히 들어가세요", 1)
    assert sum(counts.values()) == 1
    assert set(counts) == set(FORMULAS)


def test_share_is_that_of_the_commonest_formula():
    talks = [said("사람마다 달라요."), said("와 주셔서 고맙습니다."), said("사람마다 다르고요.")]
    assert common_formula_share(talks) == [1.0, 0.0, 1.0]
