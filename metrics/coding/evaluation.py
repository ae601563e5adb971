"""Evaluation of the classifier: held-out AnnoMI, held-out dialogues of our own, hand-labeled original KMI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from forecaster.encoder import SentenceEncoder
from forecaster.evaluate import fold_sessions
from kmi import Label
from metrics.coding.classifier import LABELS, Classifier
from metrics.coding.hand_labels import HandLabel
from metrics.coding.measures import Coded
from metrics.coding.training import OWN_CORPUS_WEIGHT, fit_model, make_examples
from metrics.transcripts import Transcript, Turn


def training_weights(annomi: Sequence[Transcript], own: Sequence[Transcript]) -> list[float]:
    """Return the weight of each transcript's turns: AnnoMI 1, our own as much, less where it has more turns.

    Example:
        >>> training_weights([], [])
        []
    """
    n_annomi, n_own = (sum(len(transcript.turns) for transcript in group) for group in (annomi, own))
    own_weight = min(OWN_CORPUS_WEIGHT, n_annomi / n_own) if n_own else 0.0
    return [1.0] * len(annomi) + [own_weight] * len(own)


def cross_validate(
    annomi: Mapping[str, Sequence[Transcript]],
    own: Sequence[Transcript],
    encoder: SentenceEncoder,
    report: Callable[[], object] = lambda: None,
) -> list[Coded]:
    """Code each high-quality session of AnnoMI by a model of the other folds' sessions.

    Args:
        annomi: Sessions by quality; those of low quality are trained on and never scored.
        own: Dialogues of our own corpus to train on too.
        encoder: Sentence encoder.
        report: Called after each fit, for progress.

    Returns:
        All turns of the high-quality sessions with both labels.
    """
    high = sorted(annomi["high"], key=lambda transcript: int(transcript.id))
    transcripts = [*high, *annomi["low"], *own]
    weights = training_weights([*high, *annomi["low"]], own)
    coded = []
    for role, labels in LABELS.items():
        examples = make_examples(transcripts, role, weights, encoder)
        for fold in fold_sessions(len(high)):
            is_held_out = np.isin(examples.groups, fold)
            model = fit_model(examples.select(~is_held_out), role)
            held_out = examples.select(is_held_out)
            predicted = model.predict(held_out.rows)
            turns = [(high[n].id, turn) for n in sorted(fold) for turn in high[n].turns if turn.role is role]
            for (group, turn), place in zip(turns, predicted, strict=True):
                coded.append(_coded(group, turn, labels[place]))
            report()
    return coded


def code_held_out(
    transcripts: Sequence[Transcript], classifier: Classifier, encoder: SentenceEncoder
) -> list[Coded]:
    """Code dialogues that the classifier was not trained on; turns without a label are passed over."""
    found = []
    for transcript in transcripts:
        for turn, label in zip(
            transcript.turns, classifier.label_turns(transcript.turns, encoder), strict=True
        ):
            if turn.label is not None:
                found.append(_coded(transcript.id, turn, label))
    return found


def code_hand_labeled(
    sample: Sequence[HandLabel], classifier: Classifier, encoder: SentenceEncoder
) -> list[Coded]:
    """Code the dialogues of a hand-labeled sample and keep the sampled turns."""
    labels: dict[str, list[Label]] = {}
    found = []
    for one in sample:
        transcript = one.transcript
        if transcript.id not in labels:
            labels[transcript.id] = classifier.label_turns(transcript.turns, encoder)
        turn = replace(transcript.turns[one.place], label=one.label)
        found.append(_coded(transcript.id, turn, labels[transcript.id][one.place]))
    return found


def _coded(group: str, turn: Turn, label: Label) -> Coded:
    return Coded(group=group, given=turn.label, coded=label, n_words=len(turn.ko.split()))
