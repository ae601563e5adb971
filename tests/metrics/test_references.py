from metrics.references import reference_corpora


def test_both_parts_of_a_report_give_corpora_with_figures_by_metric():
    report = {
        "reference": {
            "corpora": {"high": {"title": "High"}, "low": {"title": "Low"}},
            "metrics": {"a": {"high": {"mean": 1}}, "b": {"high": {"mean": 2}, "low": {"mean": 3}}},
        },
        "text_reference": {
            "corpora": {"high": {"title": "High", "language": "en", "metrics": {"c": {"mean": 4}}}}
        },
    }
    high, low = reference_corpora(report, "metrics")
    assert (high.key, high.title, high.figures) == ("high", "High", {"a": {"mean": 1}, "b": {"mean": 2}})
    assert low.figures == {"b": {"mean": 3}}
    (text,) = reference_corpora(report, "text_metrics")
    assert (text.title, text.figures) == ("High (en)", {"c": {"mean": 4}})
