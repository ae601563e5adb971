import json
import random
from collections import Counter

import pytest

from generation.condition_draw import FIXED, HINTS, apportion, spread
from generation.condition_quotas import AGE_RANGES, QuotaError, load_quotas
from generation.inputs import PROFILES
from generation.profile_conditions import CONDITIONS, coverage, draw_all, load_conditions
from kmi import Risk

RECORDED = [json.loads(line) for line in PROFILES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def quotas():
    return load_quotas()


@pytest.fixture(scope="module")
def rows():
    return list(load_conditions().values())


@pytest.fixture(scope="module")
def everyone(rows):
    return [row for row in RECORDED if row["id"] < rows[0]["id"]] + rows


def test_shipped_conditions_are_what_the_seed_draws(quotas):
    drawn = draw_all(quotas, RECORDED)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in drawn)
    assert text == CONDITIONS.read_text(encoding="utf-8")


def test_every_id_from_25_to_1000_has_one_condition_with_all_fields(rows):
    assert [row["id"] for row in rows] == list(range(25, 1001))
    assert all(tuple(row) == (*FIXED, *HINTS) for row in rows)


def test_counts_of_all_clients_keep_within_two_of_the_quotas(quotas, everyone):
    lines = [line for line in coverage(everyone, quotas) if line.quota is not None]
    far = [line for line in lines if abs(line.count - line.quota) > 2 and line.field != "referred_by"]
    assert far == []
    assert len({line.field for line in lines}) == 11


def test_half_of_the_clients_come_by_themselves(quotas, everyone):
    by_self = next(line for line in coverage(everyone, quotas) if line.value == "self")
    assert 0.45 <= by_self.share <= 0.55


def test_any_25_ids_in_a_row_hold_every_category_and_the_common_stages(rows):
    for start in range(len(rows) - 25):
        part = rows[start : start + 25]
        assert len({row["category"] for row in part}) == 7
        stages = Counter(row["stage_of_change"] for row in part)
        assert 7 <= stages["contemplation"] <= 13 and 4 <= stages["preparation"] <= 11


def test_age_and_sender_fit_the_person(rows, quotas):
    at_school = {work.text for role in ("pupil", "student") for work in quotas.occupations[role]}
    workers = {work.text for work in quotas.occupations["worker"]}
    for row in rows:
        lowest, highest = AGE_RANGES[row["age_group"]]
        assert lowest <= row["age"] <= highest
        if row["referred_by"] == "school":
            assert row["occupation_field"] in at_school, row
        if row["referred_by"] == "workplace":
            assert row["occupation_field"] in workers, row
        if row["age"] < 16:
            assert row["occupation_field"].startswith("중학교"), row


def test_names_are_all_different_and_no_given_name_is_frequent(everyone, quotas):
    names = [row["name"] for row in everyone]
    assert len(set(names)) == len(names)
    assert not set(names) & set(quotas.people["refused"]["full_names"])
    assert max(Counter(name[1:] for name in names).values()) <= 6


def test_a_theme_serves_at_most_three_clients_who_differ_and_only_its_own_risk(rows, quotas):
    risks = {theme.text: theme.risk for many in quotas.themes.values() for theme in many}
    clients = {}
    for row in rows:
        assert risks[row["theme"]] == row["risk"]
        clients.setdefault(row["theme"], []).append(row)
    for many in clients.values():
        assert len(many) <= 3
        kinds = [(row["age"], row["stage_of_change"], row["gender"]) for row in many]
        assert len(set(kinds)) == len(kinds)


def test_nobody_at_risk_declines_and_every_split_holds_every_risk(rows):
    at_risk = [row for row in rows if row["risk"] != Risk.NONE]
    assert all(row["intended_outcome"] != "declines" for row in at_risk)
    assert len({(row["risk"], row["split"]) for row in at_risk}) == 9


def test_themes_of_a_category_are_many_and_never_the_same(quotas):
    assert all(len(many) >= 60 for many in quotas.themes.values())
    texts = [theme.text for many in quotas.themes.values() for theme in many]
    assert len(set(texts)) == len(texts)


def test_apportion_gives_what_is_left_to_the_largest_rests():
    assert apportion(7, {"a": 1, "b": 1, "c": 1}) == {"a": 3, "b": 2, "c": 2}


def test_spread_puts_each_value_once_in_each_of_its_parts():
    values = spread({"a": 5, "b": 5}, random.Random(1))
    assert Counter(values) == {"a": 5, "b": 5}
    assert all("a" in values[n : n + 4] for n in range(7))


def test_quotas_that_do_not_sum_up_are_refused(tmp_path, quotas):
    for path in CONDITIONS.parent.glob("*.toml"):
        text = path.read_text(encoding="utf-8").replace("female = 500", "female = 499")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(QuotaError, match=r"\[gender\]: sum 999, but last_id is 1000"):
        load_quotas(tmp_path)
