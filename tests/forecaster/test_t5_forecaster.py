import math

import pytest

from forecaster.corpus import Turn
from forecaster.t5_forecaster import OPENING, T5Forecaster, render_history
from kmi import THERAPIST_LABELS, Label, Role

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.heavy

ASK = Turn(Role.THERAPIST, Label.OPEN_QUESTION, "why")
SAY = Turn(Role.CLIENT, Label.NEUTRAL, "because")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A random T5 of a few thousand weights with a tokenizer of whole words, saved as a checkpoint."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = ["<pad>", "</s>", "<unk>", *dict.fromkeys(" ".join(THERAPIST_LABELS).split()), "why", "because"]
    raw = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    torch.manual_seed(0)
    size = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    config = transformers.T5Config(
        **size, vocab_size=len(words), decoder_start_token_id=0, pad_token_id=0, eos_token_id=1
    )
    folder = tmp_path_factory.mktemp("t5")
    tokenizer.save_pretrained(folder)
    transformers.T5ForConditionalGeneration(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def model(checkpoint):
    return T5Forecaster.load(checkpoint)


def test_only_the_last_six_utterances_are_read():
    long = [ASK, SAY] * 5
    assert render_history(long) == render_history(long[-6:])
    assert render_history([]) == f"{OPENING} Next:"


def test_probabilities_are_the_normalized_likelihoods_of_the_strings(model):
    forecast = model.predict_proba([ASK, SAY])
    assert list(forecast) == list(THERAPIST_LABELS)
    assert sum(forecast.values()) == pytest.approx(1)
    source = model._tokenizer(render_history([ASK, SAY]), return_tensors="pt")
    logs = []
    for label in (Label.OPEN_QUESTION, Label.AFFIRM):
        target = model._tokenizer(label.value, return_tensors="pt").input_ids
        with torch.inference_mode():
            mean_loss = model._model(**source, labels=target).loss.item()
        logs.append(-mean_loss * target.shape[1])
    ratio = forecast[Label.OPEN_QUESTION] / forecast[Label.AFFIRM]
    assert ratio == pytest.approx(math.exp(logs[0] - logs[1]), rel=1e-3)


def test_batch_of_different_lengths_gives_what_single_histories_give(model):
    histories = [[ASK, SAY], [], [ASK, SAY] * 4]
    for history, forecast in zip(histories, model.predict_proba_batch(histories), strict=True):
        assert model.predict_proba(history) == pytest.approx(forecast, abs=1e-4)


def test_temperature_flattens(checkpoint):
    sharp = T5Forecaster.load(checkpoint).predict_proba([ASK, SAY])
    flat = T5Forecaster.load(checkpoint, temperature=50.0).predict_proba([ASK, SAY])
    assert max(flat.values()) < max(sharp.values())


def test_beam_search_gives_three_labels_or_none(model):
    labels = model.beam_labels([ASK, SAY])
    assert len(labels) == 3
    assert all(label is None or label in THERAPIST_LABELS for label in labels)


def test_history_that_ends_with_the_therapist_is_refused(model):
    with pytest.raises(ValueError, match="ends with the Therapist"):
        model.predict_proba([ASK])
    with pytest.raises(ValueError, match="ends with the Therapist"):
        model.beam_labels([ASK])


def test_checkpoint_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot load the T5 checkpoint"):
        T5Forecaster.load(str(tmp_path / "none"))
