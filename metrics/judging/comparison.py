"""Comparison: pairwise preferences between systems as strengths, with intervals, as a report."""

import random
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from generation.prompts import Prompt
from metrics.asking.answers import ask_questions
from metrics.judging.bradley_terry import bradley_terry, strength_intervals, win_probability
from metrics.judging.pairs import draw_pairs, pair_questions, verdicts
from metrics.transcripts import Transcript


def compare_systems(
    systems: Mapping[str, Sequence[Transcript]], prompt: Prompt, options: Namespace
) -> dict[str, Any]:
    """Compare the transcripts of every two systems.

    Args:
        systems: Transcripts by the name of their system, two or more.
        prompt: Prompt of the comparison.
        options: `random_seed`, `n_pairs` and what `metrics.asking.arguments.add_backend` offers.

    Returns:
        Log strengths; for every two systems the probability that the first wins, with its interval; how many
        pairs got the same answer in both orders; and each pair's verdict under the digests.

    Raises:
        PendingError: If answers are still to be given.
        ValueError: If no pair has a usable answer in both orders, or several models answered.
    """
    names = list(systems)
    pairs = draw_pairs(list(systems.values()), random.Random(options.random_seed), options.n_pairs)
    answers = ask_questions(pair_questions(pairs, prompt), options)
    found = verdicts(pairs, answers.values)
    results = [(*verdict.pair.systems, verdict.result) for verdict in found]
    strengths = bradley_terry(results, len(names))
    intervals = strength_intervals(results, len(names), np.random.default_rng(options.random_seed))
    return {
        "prompt": prompt.name,
        "prompt_sha256": prompt.sha256,
        "model": answers.one_model(),
        "consistent_share": sum(verdict.is_consistent for verdict in found) / len(found),
        "log_strengths": dict(zip(names, strengths.tolist(), strict=True)),
        "wins": [
            {
                "first": names[i],
                "second": names[j],
                "n_pairs": sum(result[:2] == (i, j) for result in results),
                "probability": win_probability(strengths[i] - strengths[j]),
                "interval": [win_probability(end) for end in intervals[i, j]],
            }
            for i in range(len(names))
            for j in range(i + 1, len(names))
        ],
        "verdicts": [[v.pair.first.digest, v.pair.second.digest, v.result] for v in found],
        "refused": answers.refused,
    }
