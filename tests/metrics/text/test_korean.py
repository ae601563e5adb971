import sys

import pytest

from metrics.text import korean
from metrics.text.analysis import Language, missing_package


def test_words_hold_morphemes_content_and_nouns():
    (words,) = korean.analyze(["버스를 못 타겠어요."])
    assert words.tokens == ("버스", "를", "못", "타", "겠", "어요")
    assert words.content == ("버스", "타")
    assert words.nouns == ("버스",)
    assert (words.forms[-1], words.tags[-1]) == (".", "SF")


def test_words_come_in_the_order_of_many_texts():
    texts = [f"{number}번 버스를 탔어요." for number in range(300)] + [""]
    found = list(korean.analyze(texts))
    assert [words.tokens[0] for words in found[:-1]] == [str(number) for number in range(300)]
    assert found[-1].tokens == ()


def test_missing_analyzer_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setattr(korean, "is_installed", lambda: False)
    assert missing_package(Language.KOREAN) == "kiwipiepy is not installed; run `pip install kiwipiepy`"
    assert missing_package(Language.ENGLISH) is None


def test_analyzer_is_imported_only_when_korean_is_analyzed(monkeypatch):
    monkeypatch.setitem(sys.modules, "kiwipiepy", None)  # an import of it now fails
    korean._kiwi.cache_clear()
    with pytest.raises(ImportError):
        next(korean.analyze(["버스"]))
    monkeypatch.undo()
    korean._kiwi.cache_clear()
