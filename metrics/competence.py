"""MITI competence thresholds: does one dialogue reach the fair or the good value of R:Q and %CR?

The thresholds are expert opinion, without norms, and meant for segments of ten minutes or more.
"""

from dataclasses import dataclass

from metrics.count_ratio import CountRatio
from metrics.ratios import Labels, percent_complex_reflections, reflection_to_question_ratio


@dataclass(frozen=True, slots=True)
class Threshold:
    """Least values of the two behavior-count scores of MITI 4.2.1.

    Source:
        Moyers, Manuel and Ernst (2014), MITI Coding Manual 4.2.1, table of basic competence and proficiency.
    """

    reflection_to_question_ratio: float
    percent_complex_reflections: float


MITI_FAIR = Threshold(1, 40)
MITI_GOOD = Threshold(2, 50)


def _meets(labels: Labels, threshold: Threshold) -> CountRatio:
    ratio = reflection_to_question_ratio(labels)
    enough_reflections = ratio.numerator >= threshold.reflection_to_question_ratio * ratio.denominator
    complex_enough = percent_complex_reflections(labels) >= threshold.percent_complex_reflections
    return CountRatio(int(enough_reflections and complex_enough), 1)


def miti_fair_share(labels: Labels) -> CountRatio:
    """Tell whether a dialogue is at least fair by R:Q and %CR; the mean over dialogues is their share.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        1 if R:Q ≥ 1 and %CR ≥ 40, else 0; never undefined. Without a reflection it is 0; with reflections and
        no question R:Q counts as reached.

    Example:
        >>> from kmi import Label
        >>> miti_fair_share([Label.COMPLEX_REFLECTION, Label.OPEN_QUESTION])
        1.0

    Source:
        Moyers, Manuel and Ernst (2014), MITI Coding Manual 4.2.1: fair. The manual asks for the global scores
        too, which labels cannot give.
    """
    return _meets(labels, MITI_FAIR)


def miti_good_share(labels: Labels) -> CountRatio:
    """Tell whether a dialogue is good by R:Q and %CR; the mean over dialogues is their share.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        1 if R:Q ≥ 2 and %CR ≥ 50, else 0; never undefined. Without a reflection it is 0; with reflections and
        no question R:Q counts as reached.

    Example:
        >>> from kmi import Label
        >>> miti_good_share([Label.COMPLEX_REFLECTION, Label.OPEN_QUESTION])
        0.0

    Source:
        Moyers, Manuel and Ernst (2014), MITI Coding Manual 4.2.1: good. The manual asks for the global scores
        too, which labels cannot give.
    """
    return _meets(labels, MITI_GOOD)
