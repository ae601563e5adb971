import pytest

from metrics.text.analysis import Language
from metrics.text.closing import closing_share
from metrics.text.examples import dialogue


@pytest.mark.parametrize(
    ("last", "closes"),
    [
        pytest.param("오늘은 여기까지 하고 다음 주에 봬요.", 1.0, id="next week"),
        pytest.param("와 주셔서 고맙습니다.", 1.0, id="thanks"),
        pytest.param("다리 저리시면 좀 펴고 가세요.", 1.0, id="goodbye at the end"),
        pytest.param("학교에 가세요? 무슨 일로요?", 0.0, id="a question"),
        pytest.param("그 마음이 정말 소중하네요.", 0.0, id="goes on"),
        pytest.param("감사함을 느끼고 싶으시군요.", 0.0, id="gratitude as a topic"),
    ],
)
def test_closing_is_found_by_what_the_therapist_says(last, closes):
    talk = dialogue("T Open Question: 어떠세요?", "C: 네.", f"T Affirm: {last}", language=Language.KOREAN)
    assert closing_share(talk) == closes


def test_closing_is_sought_in_the_last_two_therapist_turns():
    early = ("T General: See you next week.", "T Affirm: Well.", "T Affirm: Fine.", "C: Thanks, see you.")
    assert closing_share(dialogue(*early)) == 0.0
    assert closing_share(dialogue(*early[:2])) == 1.0
