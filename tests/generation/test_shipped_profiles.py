import json
import re
from collections import Counter

import pytest

from generation.client_profile import SCHEMA_PATH, load_profiles
from kmi import Category, Outcome, Risk, StageOfChange


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shipped():
    """The first profiles; those from 25 on are held to their conditions by test_profile_checks."""
    return [one for one in load_profiles(SCHEMA_PATH.with_name("profiles.jsonl")) if one.id < 25]


def test_shipped_ids_run_from_1_to_24(shipped):
    assert [profile.id for profile in shipped] == list(range(1, 25))


def test_shipped_categories_are_covered_and_mental_health_comes_first(shipped):
    assert Counter(profile.category for profile in shipped) == {
        category: 6 if category is Category.MENTAL_HEALTH else 3 for category in Category
    }
    assert {profile.category for profile in shipped[:6]} == {Category.MENTAL_HEALTH}


def test_shipped_stages_are_covered(shipped):
    assert Counter(profile.stage_of_change for profile in shipped) == {
        StageOfChange.PRECONTEMPLATION: 5,
        StageOfChange.CONTEMPLATION: 9,
        StageOfChange.PREPARATION: 7,
        StageOfChange.ACTION: 3,
    }


def test_shipped_splits_are_18_3_3(shipped):
    assert Counter(profile.split for profile in shipped) == {"train": 18, "validation": 3, "test": 3}


def test_shipped_risks_are_two_suicide_and_one_alcohol(shipped):
    risks = Counter(profile.risk for profile in shipped if profile.risk is not Risk.NONE)
    assert risks == {Risk.SUICIDE_SELF_HARM: 2, Risk.ALCOHOL_DRUGS: 1}


def test_shipped_outcomes_and_referrals_are_all_covered(shipped, schema):
    assert {profile.intended_outcome for profile in shipped} == set(Outcome)
    assert {profile.referred_by for profile in shipped} == set(schema["properties"]["referred_by"]["enum"])


def test_shipped_ages_run_from_middle_school_to_over_70_and_genders_balance(shipped, schema):
    ages = [profile.age for profile in shipped]
    assert min(ages) in (13, 14, 15)
    assert max(ages) >= 70
    assert {profile.age_group for profile in shipped} == set(schema["properties"]["age_group"]["enum"])
    assert Counter(profile.gender for profile in shipped) == {"female": 12, "male": 12}


@pytest.mark.parametrize("field", ["name", "target_behavior", "speech_style", "situation", "referral_reason"])
def test_shipped_clients_are_unlike_each_other(shipped, field):
    assert len({getattr(profile, field) for profile in shipped}) == len(shipped)


def test_shipped_texts_hold_no_digits_like_a_phone_number(shipped):
    texts = [json.dumps(profile.as_record(), ensure_ascii=False) for profile in shipped]
    assert [text for text in texts if re.search(r"\d{2,4}-\d{3,4}|\d{5,}", text)] == []
