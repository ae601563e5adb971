import pytest

from forecaster.affirm import is_affirmation


@pytest.mark.parametrize(
    "text",
    [
        "That's great.",
        "Good for you.",
        "Okay, great.",
        "Wow, that's so wonderful.",
        "I really appreciate your honesty today.",
        "Thank you for coming in today.",
        "Thanks so much for sharing.",
        "Well done!",
        "I'm really proud of you.",
        "You've made good progress since last week.",
        "It sounds like a really strong plan. That sounds good.",
    ],
)
def test_praise_of_the_client_is_an_affirmation(text):
    assert is_affirmation(text)


@pytest.mark.parametrize(
    "text",
    ["Mm-hmm.", "Sure.", "Right.", "Good morning.", "Great question.", "Is that good?", "Let's see.", ""],
)
def test_backchannel_greeting_and_question_are_none(text):
    assert not is_affirmation(text)
