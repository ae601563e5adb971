import pytest

from generation.backends.choice import BackendChoice
from generation.backends.interface import BackendError
from generation.backends.meter import Meter
from generation.backends.replay import Replay


@pytest.mark.parametrize("kind", ["openai", "transformers"])
def test_a_backend_with_a_model_needs_its_name(kind):
    with pytest.raises(BackendError, match=f"{kind} needs the name of a model; give it with --model"):
        BackendChoice(kind=kind)


def test_an_unknown_backend_names_those_that_exist():
    with pytest.raises(BackendError, match="'gpt' is not one of replay, store, openai, transformers"):
        BackendChoice(kind="gpt")


@pytest.mark.parametrize("kind", ["replay", "store"])
def test_a_backend_without_a_model_knows_nothing_by_itself(kind):
    assert isinstance(BackendChoice(kind=kind).open(Meter()), Replay)
