"""Benchmark of the metrics: time to score 1,000 dialogues on two cores.

Times are CPU seconds, so that other work on the machine stretches them little. The analysis of Korean runs on
all cores at once and counts half; everything else runs on one.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.bar import Bar
from metrics.dialogues import ClientCoding, Dialogue, Utterance
from metrics.evaluation import metric_values, text_values
from metrics.readers import read_dialogues
from metrics.text.analysis import Language, analyze_dialogues, missing_package

DATA = Path(__file__).parents[1] / "kmi"
N_DIALOGUES = 1000
N_CORES = 2
RANDOM_SEED = 20250101
TEXTS = ("text_ko", "text_en")


def metrics(_: Path | None = None) -> Iterator[Bar]:
    """Measure label metrics, and text metrics where Korean can be analyzed, on dialogues like ours."""
    dialogues = redrawn(read_dialogues(str(DATA)).dialogues, N_DIALOGUES)
    start = time.process_time()
    metric_values(dialogues, ClientCoding.FULL)
    labels = time.process_time() - start
    yield Bar(name=f"label metrics, {N_DIALOGUES} dialogues", measured=labels, unit="s", at_most=1.0)
    if missing_package(Language.KOREAN):
        return
    times = [_times(dialogues, language) for language in Language]
    (korean, _), (english, _) = times
    analysis = korean / N_CORES + english
    n_characters = sum(len(u.text_ko or "") for dialogue in dialogues for u in dialogue.utterances)
    yield Bar(
        name=f"text metrics, {N_DIALOGUES} dialogues",
        measured=analysis + sum(rest for _, rest in times),
        unit="s",
        ideal=analysis,
        at_most=20.0,
        note=f"two languages, {n_characters / 1e6:.1f} million Korean characters; ideal: analysis alone",
    )


def redrawn(dialogues: Sequence[Dialogue], n: int) -> list[Dialogue]:
    """Return n dialogues of the given shapes, each utterance as long as it was, in words of all.

    The same text again and again would make every utterance a duplicate, which no corpus is.
    """
    rng = random.Random(RANDOM_SEED)
    utterances = [utterance for dialogue in dialogues for utterance in dialogue.utterances]
    pools = {name: [word for u in utterances for word in _words(u, name)] for name in TEXTS}
    shapes = (dialogues[number % len(dialogues)] for number in range(n))
    return [
        replace(shape, id=str(number), utterances=tuple(_redraw(u, pools, rng) for u in shape.utterances))
        for number, shape in enumerate(shapes)
    ]


def _redraw(utterance: Utterance, pools: Mapping[str, Sequence[str]], rng: random.Random) -> Utterance:
    texts = {name: rng.choices(pools[name], k=len(_words(utterance, name))) for name in TEXTS}
    return replace(utterance, **{name: " ".join(words) for name, words in texts.items()})


def _words(utterance: Utterance, name: str) -> list[str]:
    return (getattr(utterance, name) or "").split()


def _times(dialogues: Sequence[Dialogue], language: Language) -> tuple[float, float]:
    """Return the CPU seconds of the analysis and of the metrics."""
    start = time.process_time()
    texts = analyze_dialogues(dialogues, language)
    analyzed = time.process_time()
    text_values(texts, ClientCoding.FULL)
    return analyzed - start, time.process_time() - analyzed
