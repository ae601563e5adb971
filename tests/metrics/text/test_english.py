import pytest

from metrics.text.english import analyze, stem


def words(text):
    return next(analyze([text]))


def test_words_keep_contractions_whole_and_drop_punctuation():
    assert words("I don't know -- maybe.").tokens == ("i", "don't", "know", "maybe")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        pytest.param(
            "I can't stop drinking", ("stop", "drink"), id="function words and negated auxiliaries go"
        ),
        pytest.param("That’s hard", ("hard",), id="curly apostrophe"),
        pytest.param("", (), id="empty"),
    ],
)
def test_content_leaves_function_words_out(text, content):
    assert words(text).content == content


@pytest.mark.parametrize(
    ("word", "expected"),
    [("worries", "worri"), ("is", "is"), ("feelings", "feel"), ("missed", "miss"), ("planned", "plan")],
)
def test_stem_cuts_inflection_and_spares_short_words(word, expected):
    assert stem(word) == expected
