import numpy as np
import pytest

from forecaster.forest import Forest


def stump(value_left, value_right):
    """One tree of class 1 (of two): column 0 <= .5 goes left."""
    return {
        "forest.feature": np.array([0, 0, 0], "<i2"),
        "forest.threshold": np.array([0.5, 0, 0], "<f4"),
        "forest.left": np.array([1, 1, 2], "<i4"),
        "forest.right": np.array([2, 1, 2], "<i4"),
        "forest.value": np.array([0, value_left, value_right], "<f4"),
        "forest.roots": np.array([0], "<i4"),
        "forest.tree_class": np.array([1], "|i1"),
        "forest.baseline": np.array([0.1, 0.2], "<f4"),
    }


def test_scores_add_the_leaf_to_the_class_of_its_tree():
    forest = Forest.from_arrays(stump(3.0, 5.0), "forest")
    assert forest.depth == 1
    scores = forest.scores(np.array([[0.5], [0.6]], np.float32))
    assert scores == pytest.approx(np.array([[0.1, 3.2], [0.1, 5.2]]))


def test_arrays_come_back_the_same():
    arrays = stump(1.0, 2.0)
    again = Forest.from_arrays(arrays, "forest").to_arrays("forest")
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    assert all(arrays[name].dtype == again[name].dtype for name in arrays)


def test_cycle_is_refused():
    arrays = stump(1.0, 2.0)
    arrays["forest.left"] = np.array([1, 0, 2], "<i4")
    with pytest.raises(ValueError, match="cycle"):
        Forest.from_arrays(arrays, "forest")
