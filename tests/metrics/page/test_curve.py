from metrics.page.curve import Curve, draw_curves


def test_line_runs_from_bottom_to_top_and_bridges_gaps():
    drawn = draw_curves([Curve("source-0", "<mine>", [0.0, None, 1.0])], "label")
    points = drawn.split('points="')[1].split('"')[0].split()
    # three parts of the inner width 318 from 34 on: middles at 87 and 299; height 156 from 8 on
    assert points == ["87.0,164.0", "299.0,8.0"]
    assert "&lt;mine&gt;" in drawn
