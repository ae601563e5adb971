"""Benchmark of the forecaster: time of a prediction and of plans, beside the paper's T5 in the same run.

Times are CPU seconds of this process, which is bound to one core, so that other work on
the machine stretches them little.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.bar import Bar, table
from forecaster.corpus import Turn
from forecaster.encoder import SentenceEncoder, is_installed, last_texts
from forecaster.feature_blocks import featurize
from forecaster.feature_model import load_forecaster, load_model, weights_path
from forecaster.history_reader import parse_dialogue
from forecaster.ngram import load_ngram
from forecaster.planning import Planner
from forecaster.rake import sample_plans
from forecaster.recipes import RECIPES
from kmi import Role

DATA = Path(__file__).parents[1] / "kmi" / "data" / "dialogues-train.parquet"
N_HISTORIES = 200
N_PLANS = 1000
RANDOM_SEED = 20250101
T5_INPUT_TOKENS = 150
"""Six English utterances of about 19 words, at 1.3 tokens a word."""
T5_LABEL_TOKENS = 5
"""Longest label string of the paper; random weights seldom end a string earlier."""
N_T5_RUNS = 3


def forecaster(_: Path | None = None) -> Iterator[Bar]:
    """Measure the shipped models, the paper's baseline and the planner, on one core."""
    histories = read_histories(N_HISTORIES)
    lookup = milliseconds(load_ngram(Role.THERAPIST).predict_proba, histories)
    yield Bar(name="n-gram, a prediction", measured=lookup, unit="ms", note="peer: table lookups alone")
    for name in RECIPES:
        if is_installed() or not RECIPES[name].needs_encoder:
            load = timed(lambda name=name: load_model.__wrapped__(weights_path(name)))
            yield Bar(name=f"{name}, loading", measured=load, unit="s", at_most=0.3)
    portable = _time_model("portable", histories)
    yield Bar(
        name="portable, a prediction",
        measured=portable,
        unit="ms",
        ideal=milliseconds(lambda history: featurize([history], RECIPES["portable"]), histories),
        at_most=1.0,
        note="default without encoder; ideal: its features alone",
    )
    with_encoder = list(_with_encoder(histories))
    yield from with_encoder
    yield from _beside_t5(
        {"portable": portable, **{bar.name.split(",")[0]: bar.measured for bar in with_encoder}}
    )
    planner = Planner.load()
    plain = timed(lambda: _draw_plainly(planner))
    yield Bar(
        name=f"{N_PLANS} plans",
        measured=timed(lambda: sample_plans(planner, N_PLANS, RANDOM_SEED)),
        unit="s",
        ideal=plain,
        at_most=20.0,
        note="ideal: as many label forecasts without rules or rejection",
    )


def _with_encoder(histories: Sequence[Sequence[Turn]]) -> Iterator[Bar]:
    """Measure the default model where the sentence encoder is installed."""
    if not is_installed():
        return
    encoder = SentenceEncoder()
    encoder.encode(["워밍업"])
    texts = [last_texts(history, Role.CLIENT, 1) for history in histories]
    yield Bar(
        name="portable-vectors, a prediction",
        measured=_time_model("portable-vectors", histories),
        unit="ms",
        ideal=milliseconds(encoder.encode, texts),
        at_most=5.0,
        note="default with encoder, one new utterance each; ideal: encoding alone",
    )


def _beside_t5(times: Mapping[str, float]) -> Iterator[Bar]:
    """Measure how many times faster than the paper's baseline each model is, where torch is installed."""
    if not (find_spec("torch") and find_spec("transformers")):
        return
    baseline = time_t5_base()
    yield Bar(name="T5-base, beam 10", measured=baseline, unit="ms", note="peer: the paper's, random weights")
    for name, measured in times.items():
        yield Bar(name=f"T5-base over {name}", measured=baseline / measured, at_least=100.0)


def read_histories(n: int) -> list[list[Turn]]:
    """Return the pasts of the first `n` therapist turns after a client turn, Korean text, of our own data."""
    histories = []
    for row in pq.read_table(DATA, columns=["id", "dialogue"]).to_pylist():
        turns = parse_dialogue(row, f"{DATA}, dialogue {row['id']}", "utterance_ko")
        ends = range(2, len(turns), 2)
        histories += [turns[:end] for end in ends if turns[end].role is Role.THERAPIST]
        if len(histories) >= n:
            return histories[:n]
    return histories


def milliseconds(call: Callable, arguments: Sequence) -> float:
    """Return the mean time of one call over the arguments, after one call to warm up."""
    call(arguments[-1])
    start = time.process_time()
    for argument in arguments:
        call(argument)
    return 1000 * (time.process_time() - start) / len(arguments)


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = time.process_time()
    call()
    return time.process_time() - start


def _time_model(name: str, histories: Sequence[Sequence[Turn]]) -> float:
    return milliseconds(load_forecaster(name).predict_proba, histories)


def _draw_plainly(planner: Planner) -> None:
    """Forecast as many labels as the plans hold: some 27 turns each."""
    labels = ["Open Question", "Neutral"]
    for _ in range(N_PLANS * 27):
        planner.client.predict_from_labels(tuple(labels))


def time_t5_base() -> float:
    """Return the median milliseconds of one decision of the paper: T5-base, beam of ten, three sequences."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.set_num_threads(1)
    torch.manual_seed(0)
    size = {"d_model": 768, "d_ff": 3072, "num_layers": 12, "num_heads": 12}
    model = T5ForConditionalGeneration(T5Config(**size, decoder_start_token_id=0)).eval()
    tokens = torch.randint(3, 32000, (1, T5_INPUT_TOKENS))
    decide = partial(
        model.generate, tokens, num_beams=10, num_return_sequences=3, max_new_tokens=T5_LABEL_TOKENS
    )
    with torch.inference_mode():
        decide()
        return 1000 * statistics.median(timed(decide) for _ in range(N_T5_RUNS))


def main() -> int:
    """Measure, print the table and write it as JSON.

    Returns:
        Exit code: 0 if every bar holds, 1 if one falls short.
    """
    parser = argparse.ArgumentParser(description="Measure the forecaster against its bars, on one core.")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("build/bench_forecaster.json"),
        help="JSON file (default: %(default)s).",
    )
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    bars = list(forecaster())
    print(table(bars))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps({"bars": [bar.as_record() for bar in bars]}, indent=1), encoding="utf-8"
    )
    short = [bar for bar in bars if bar.holds is False]
    print(f"{len(bars)} values in {options.out}; {len(short)} bars fall short")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
