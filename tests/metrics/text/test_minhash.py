import random
from itertools import combinations

from metrics.text.minhash import Likeness, has_near_duplicate, shingles

LIKENESS = Likeness(n_characters=3, least=0.7, n_bands=16, n_rows=4)


def test_shingles_ignore_white_space_and_keep_a_short_text_whole():
    assert shingles("a bc\nd", 3) == {"abc", "bcd"}
    assert shingles("ab", 3) == {"ab"}


def test_near_duplicates_are_those_that_comparing_all_pairs_finds():
    rng = random.Random(3)
    texts = ["".join(rng.choices("가나다라마바사아자차", k=30)) for _ in range(150)]
    texts += [text[:26] + "하하하하" for text in texts[:40]]  # 24 of 32 runs in common: .75
    texts += [text[:20] + "호호호호호호호호호호" for text in texts[40:80]]  # far less
    runs = [shingles(text, 3) for text in texts]
    alike = [False] * len(texts)
    for a, b in combinations(range(len(texts)), 2):
        if len(runs[a] & runs[b]) >= 0.7 * len(runs[a] | runs[b]):
            alike[a] = alike[b] = True
    found = has_near_duplicate(texts, LIKENESS)
    assert sum(alike) >= 70
    assert not any(here and not there for here, there in zip(found, alike, strict=True))
    assert sum(found) >= 0.95 * sum(alike)


def test_equal_texts_are_near_duplicates_and_none_is_one_of_nothing():
    assert has_near_duplicate(["같은 말이에요", "같은 말이에요", "다른 이야기"], LIKENESS) == [
        True,
        True,
        False,
    ]
    assert has_near_duplicate([], LIKENESS) == []
