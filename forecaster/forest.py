"""Boosted regression trees as arrays: sums the leaves of all trees for each class, in numpy."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

ROWS_AT_ONCE = 256
DTYPES = {
    "feature": "<i2",
    "threshold": "<f4",
    "left": "<i4",
    "right": "<i4",
    "value": "<f4",
    "roots": "<i4",
    "tree_class": "|i1",
    "baseline": "<f4",
}


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of all classes in one set of node arrays; a leaf is its own child.

    Attributes:
        feature: Column that a node asks for, shape (n_nodes,).
        threshold: A row goes left where its column is at most this, shape (n_nodes,).
        left: Node to the left, shape (n_nodes,).
        right: Node to the right, shape (n_nodes,).
        value: What a leaf adds to the score of its tree's class, shape (n_nodes,).
        roots: First node of each tree, shape (n_trees,).
        tree_class: Class of each tree, shape (n_trees,).
        baseline: Score of each class before any tree, shape (n_classes,).
        depth: Steps from a root to the deepest leaf.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    tree_class: np.ndarray
    baseline: np.ndarray
    depth: int

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the score of each class.

        Args:
            rows: Features, shape (n, n_features).

        Returns:
            Unnormalized log probabilities, shape (n, n_classes).
        """
        parts = [
            self._scores(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.baseline)), np.float32)

    def _scores(self, rows: np.ndarray) -> np.ndarray:
        n_features = rows.shape[1]
        flat = np.ascontiguousarray(rows).ravel()
        offsets = (np.arange(len(rows), dtype=np.int64) * n_features)[:, None]
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            goes_left = flat[offsets + self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        belongs = (self.tree_class[:, None] == np.arange(len(self.baseline))).astype(np.float32)
        return self.value[node] @ belongs + self.baseline

    def to_arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Return the arrays under names that start with `prefix`."""
        return {f"{prefix}.{field}": getattr(self, field).astype(dtype) for field, dtype in DTYPES.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], prefix: str) -> "Forest":
        """Read a forest back; the depth is counted anew."""
        fields = {field: arrays[f"{prefix}.{field}"] for field in DTYPES}
        fields |= {field: fields[field].astype(np.int64) for field in ("left", "right", "roots", "feature")}
        return cls(**fields, depth=_depth(fields["left"], fields["right"], fields["roots"]))


def _depth(left: np.ndarray, right: np.ndarray, roots: np.ndarray) -> int:
    """Count steps until every path has come to a leaf."""
    depth, nodes = 0, roots
    while True:
        inner = nodes[left[nodes] != nodes]
        if not len(inner):
            return depth
        if depth > len(left):
            raise ValueError("the trees hold a cycle; train the weights anew")
        nodes = np.unique(np.concatenate([left[inner], right[inner]]))
        depth += 1
