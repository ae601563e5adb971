"""How many dialogues a comparison needs."""

from math import ceil
from statistics import NormalDist

POWER = 0.80
ALPHA = 0.05


def dialogues_per_arm(
    difference: float, variances: tuple[float, float], power: float = POWER, alpha: float = ALPHA
) -> int | None:
    """Give the number of dialogues of each source that a true difference of means needs to be seen.

    Args:
        difference: Difference of the two means, in the metric's unit.
        variances: Variance of the values over the dialogues of each source, 0 or more.
        power: Probability of seeing it, between 0 and 1.
        alpha: Two-sided level of the test, between 0 and 1, for one test alone.

    Returns:
        Dialogues in each arm, 2 or more; ``None`` for a difference of 0, which no number shows.

    Example:
        >>> dialogues_per_arm(0.5, (1.0, 1.0))  # (1.960 + 0.842)² · 2 / .5²
        63

    Source:
        Cohen (1988), Statistical Power Analysis, section 2.4, by the normal distribution. With the spread of
        the original KMI (285 dialogues) a difference of .10 was stated before to need 127 (R/(R+Q)), 202
        (%CR), 43 (P(CT | OQ)) and 82 (P(R | CT)); 193 of these dialogues give 130, 208, 45 and 92. A source
        whose dialogues vary less needs fewer, so `compare` takes the spread of the two that it is given.
    """
    if not difference:
        return None
    normal = NormalDist()
    z = normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)
    return max(2, ceil(z**2 * sum(variances) / difference**2))
