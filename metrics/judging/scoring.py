"""Scoring: the ratings of transcripts, and their means with intervals as a report."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from generation.prompts import Prompt
from metrics.asking.answers import ask_questions
from metrics.bootstrap import bootstrap_intervals, mean_over_dialogues
from metrics.judging.rubric import Ratings, items_of, judge_question
from metrics.judging.validation import OVERALL, Scores, score_of
from metrics.transcripts import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Ratings of transcripts by one model.

    Attributes:
        model: Who rated.
        ratings: Each rated transcript with its ratings, in the order of the transcripts.
        refused: Reasons by transcript id where no answer could be read.
    """

    model: str
    ratings: tuple[tuple[Transcript, Ratings], ...]
    refused: dict[str, str]

    @property
    def scores(self) -> Scores:
        """Scores alone, under the digests."""
        return {
            transcript.digest: {item: rating["score"] for item, rating in ratings.items()}
            for transcript, ratings in self.ratings
        }


def rate(transcripts: Sequence[Transcript], prompt: Prompt, options: Namespace) -> Rated:
    """Have transcripts rated.

    Args:
        transcripts: What is rated.
        prompt: Rubric.
        options: What `metrics.asking.arguments.add_backend` offers.

    Raises:
        PendingError: If ratings are still to be given.
        ValueError: If no rating is usable, or several models gave them.
    """
    questions = [judge_question(transcript, prompt) for transcript in transcripts]
    answers = ask_questions(questions, options)
    asked = list(zip(transcripts, (question.name for question in questions), strict=True))
    return Rated(
        model=answers.one_model(),
        ratings=tuple((t, answers.values[name]) for t, name in asked if name in answers.values),
        refused={t.id: answers.refused[name] for t, name in asked if name in answers.refused},
    )


def score_report(
    rated: Rated, prompt: Prompt, validation: dict[str, Any] | None, random_seed: int
) -> dict[str, Any]:
    """Lay ratings out as a report.

    Args:
        rated: Ratings.
        prompt: Rubric.
        validation: Validation of prompt and model; None marks the report as not validated.
        random_seed: Start of the bootstrap's draws.

    Returns:
        Mean, interval and number of dialogues for each item and for `OVERALL`, ratings of each dialogue, the
        validation without its scores, and `scores`, which `judge validate --second` reads.
    """
    columns = (OVERALL, *items_of(prompt))
    rows = [[score_of(scores, column) for column in columns] for scores in rated.scores.values()]
    values = np.array([[nan if score is None else score for score in row] for row in rows], float)
    means = mean_over_dialogues(values).tolist()
    intervals = bootstrap_intervals(values, np.random.default_rng(random_seed)).tolist()
    n_scored = (~np.isnan(values)).sum(axis=0).tolist()
    return {
        "prompt": prompt.name,
        "prompt_sha256": prompt.sha256,
        "model": rated.model,
        "validation": validation and {key: value for key, value in validation.items() if key != "scores"},
        "items": {
            column: {"mean": mean, "interval": interval, "n": n}
            for column, mean, interval, n in zip(columns, means, intervals, n_scored, strict=True)
        },
        "dialogues": [{"id": t.id, "digest": t.digest, "ratings": ratings} for t, ratings in rated.ratings],
        "scores": rated.scores,
        "refused": rated.refused,
    }
