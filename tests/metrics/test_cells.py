import pytest

from metrics.cells import align, figure, interval_text, number


@pytest.mark.parametrize(
    ("unit", "cell"), [("percent", "12.3"), ("share", "12.34"), ("bits", "12.345"), ("slope", "12.34")]
)
def test_number_has_the_decimals_of_its_unit(unit, cell):
    assert number(12.3449999, {"unit": unit}) == cell


def test_figure_of_a_corpus_metric_is_pooled():
    assert figure({"mean": None, "pooled": 0.5}, {"unit": "bits", "level": "corpus"}) == "0.500"
    assert figure(None, {"unit": "bits", "level": "corpus"}) == "–"


def test_interval_that_is_missing_is_empty():
    assert interval_text(None, {"unit": "share"}) == ""


def test_align_pads_every_column():
    assert align([["a", "n"], ["bc", "10"]]).splitlines() == ["a    n", "--  --", "bc  10"]
