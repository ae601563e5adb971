import pytest

from metrics.page.strips import Mark, Scale, bar_strip, effect_strip, scale_for, source_kind, value_strip


@pytest.mark.parametrize(
    ("value", "interval", "expected"),
    [
        pytest.param(0.02, None, Scale(0, 0.05), id="small shares get room"),
        pytest.param(0.4, [0.3, 0.6], Scale(0, 1), id="the interval fits"),
        pytest.param(-0.2, [-0.4, 0.1], Scale(-0.5, 0.1), id="below nought"),
        pytest.param(250.0, None, Scale(0, 250.0), id="beyond every step"),
        pytest.param(0.0, None, Scale(0, 0.05), id="nothing but nought"),
    ],
)
def test_scale_has_round_ends(value, interval, expected):
    assert scale_for([Mark("source-0", "x", value, interval)]) == expected


def test_values_stand_at_their_place_with_whisker_band_and_tick():
    source = Mark("source-0", "mine", 0.5, [0.25, 0.75])
    drawn = value_strip([source], [Mark("annomi_high", "high", 0.1, [0.0, 0.2])], Scale(0, 1), "label")
    assert '<circle cx="50.00%"' in drawn
    assert '<line x1="25.00%" x2="75.00%"' in drawn
    assert '<rect x="0.00%" y="0" width="20.00%"' in drawn
    assert 'class="tick annomi_high"' in drawn
    assert 'aria-label="label"' in drawn


def test_bars_begin_at_nought_and_effects_at_the_middle():
    assert 'width="40.00%"' in bar_strip([Mark("source-0", "x", 0.2)], [], Scale(0, 0.5), "x")
    assert '<circle cx="75.00%"' in effect_strip(Mark("source-1", "x", 0.5), 1.0, "x")
    assert 'class="zero"' in effect_strip(Mark("source-1", "x", 0.5), 1.0, "x")


def test_title_cannot_leave_its_attribute():
    drawn = value_strip([Mark("source-0", "x", 0.5)], [], Scale(0, 1), '"><script>')
    assert "<script>" not in drawn and "&#34;&gt;&lt;script&gt;" in drawn


def test_colors_come_again():
    assert [source_kind(0), source_kind(6)] == ["source-0", "source-0"]
