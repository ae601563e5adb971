"""How the therapist labels of one dialogue are distributed.

Every function takes the labels of one dialogue, shape (n_utterances,), and looks at therapist labels only.
"""

from collections import Counter
from math import exp, log, log2, nan

from kmi import QUESTIONS, REFLECTIONS, THERAPIST_LABELS
from metrics.ratios import THERAPIST_INPUT, Labels, count_labels

BALANCE_TARGET = {"reflection": 0.50, "question": 0.25, "input": 0.20, "other": 0.05}
"""Shares of an ideal mix (StoryMI, arXiv 2605.27393)."""


def label_entropy(labels: Labels) -> float:
    """Give the entropy of the therapist labels, as a share of the largest possible one.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), any order; client labels are ignored.

    Returns:
        Entropy in bits divided by log2(8), 0 (one label only) to 1 (all eight equally often); ``nan`` if
        there is no therapist turn.

    Example:
        >>> from kmi import Label
        >>> round(label_entropy([Label.OPEN_QUESTION, None, Label.COMPLEX_REFLECTION]), 4)
        0.3333

    Source:
        StoryMI (arXiv 2605.27393), strategy entropy; here divided by log2 of the number of therapist labels.
        On AnnoMI low, .59 was measured before; no reading of its codes that we tried gives more than .57
        without the opening turn, which here is left out.
    """
    counts = Counter(label for label in labels if label in THERAPIST_LABELS)
    total = counts.total()
    if not total:
        return nan
    bits = sum(n / total * log2(total / n) for n in counts.values())
    return bits / log2(len(THERAPIST_LABELS))


def strategy_balance(labels: Labels) -> float:
    """Give the closeness of a dialogue's therapist labels to StoryMI's ideal mix.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), any order; client labels are ignored.

    Returns:
        exp(−KL(actual ‖ target)) with natural logarithms, above 0 to 1 (the target itself); ``nan`` if
        there is no therapist turn.

    Example:
        >>> from kmi import Label
        >>> strategy_balance([Label.SIMPLE_REFLECTION])
        0.5

    Source:
        StoryMI (arXiv 2605.27393): target .50 reflection, .25 question, .20 input, .05 other. Input is Give
        Information and Advise here; Affirm and General are other.
    """
    total = count_labels(labels, THERAPIST_LABELS)
    if not total:
        return nan
    groups = {"reflection": REFLECTIONS, "question": QUESTIONS, "input": THERAPIST_INPUT}
    shares = {group: count_labels(labels, members) / total for group, members in groups.items()}
    shares["other"] = max(0.0, 1 - sum(shares.values()))
    divergence = sum(share * log(share / BALANCE_TARGET[group]) for group, share in shares.items() if share)
    return exp(-divergence)
