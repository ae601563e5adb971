from math import isnan

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.facts import fact_recall_share

SITUATION = "버스에서 내렸다. 동료와 버스를 탔다. 택시를 탄다."  # 버스, 동료, 택시


def korean(*turns):
    return dialogue(*turns, language=Language.KOREAN, situation=SITUATION)


def test_facts_count_once_and_only_from_the_client():
    talk = korean("T General: 택시는요?", "C: 버스를 타요.", "T General: 네.", "C: 버스는 동료와 타요.")
    assert fact_recall_share(talk) == 2 / 3


def test_facts_are_undefined_without_a_profile_of_the_language():
    assert isnan(fact_recall_share(dialogue("T General: Hi.", situation=SITUATION)))
    assert isnan(fact_recall_share(dialogue("T General: 네.", language=Language.KOREAN)))
