import pytest

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.honorifics import honorific_misuse_turn_share


@pytest.mark.parametrize(
    ("text", "share"),
    [
        pytest.param("걱정이 많이 계시는군요.", 1.0, id="thing with an adverb"),
        pytest.param("고민이 계시겠어요.", 1.0, id="thing"),
        pytest.param("걱정이 많으시군요.", 0.0, id="what belongs to the client"),
        pytest.param("할머니가 계시는군요.", 0.0, id="person"),
        pytest.param("걱정하고 계시는군요.", 0.0, id="auxiliary verb"),
        pytest.param("힘든 상황에 계시네요.", 0.0, id="place"),
    ],
)
def test_only_a_thing_that_is_honored_counts(text, share):
    assert honorific_misuse_turn_share(dialogue(f"T General: {text}", language=Language.KOREAN)) == share
