import asyncio
import json

import pytest

from generation.backends.interface import BackendError
from generation.sessions.request import Message, Request

pytestmark = pytest.mark.heavy
torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM_ROLE = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + TEMPLATE
)
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def save_tiny_model(folder, template=TEMPLATE, max_position_embeddings=512):
    """A model of random weights with a byte-level tokenizer that needs no training: every byte is a token."""
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: n for n, token in enumerate(SPECIAL + alphabet)}
    raw = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<|pad|>", eos_token="<|end|>", additional_special_tokens=SPECIAL[2:]
    )
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(5)
    config = transformers.LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=max_position_embeddings,
        initializer_range=1.0,  # far apart, so that what was read decides what is said
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=1,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def local_model():
    from generation.backends import local_model

    return local_model


def request(n=1, temperature=0.0, max_tokens=12, text="한국어"):
    return Request(
        session=f"{n:04d}-1",
        stage="therapist",
        index=1,
        attempt=1,
        prompt="turns_therapist_v1",
        messages=(Message(role="system", content="지시"), Message(role="user", content=text)),
        schema={"type": "object"},
        temperature=temperature,
        max_tokens=max_tokens,
    )


def complete(model, *requests):
    async def ask():
        try:
            return await asyncio.gather(*map(model.complete, requests), return_exceptions=True)
        finally:
            await model.close()

    return asyncio.run(ask())


def test_completion_is_what_the_model_generates_after_its_chat_template(folder, local_model):
    model = local_model.LocalModel(folder, device="cpu")
    (completion,) = complete(model, request())
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    prompt = '<|system|>지시\n\nJSON Schema: {"type": "object"}<|end|><|user|>한국어<|end|><|assistant|>'
    tokens = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
    reference = transformers.AutoModelForCausalLM.from_pretrained(folder)
    expected = reference.generate(**tokens, do_sample=False, max_new_tokens=12, pad_token_id=0)
    own = expected[0, tokens["input_ids"].shape[1] :]
    assert completion.content == tokenizer.decode(own, skip_special_tokens=True).strip()
    # 5 special tokens; 지시 and 한국어 at three bytes a syllable; the schema in ASCII
    assert completion.prompt_tokens == 5 + 15 + len('\n\nJSON Schema: {"type": "object"}')
    assert (completion.model, completion.request_hash) == (folder, request().hash)


def test_requests_that_wait_together_are_one_batch_and_answered_as_alone(folder, local_model):
    asked = [request(n, text="가" * n) for n in range(1, 6)]
    alone = [complete(local_model.LocalModel(folder, device="cpu"), one)[0] for one in asked]
    model = local_model.LocalModel(folder, device="cpu", batch_size=4)
    sizes = []
    answer = model._answer
    model._answer = lambda requests: sizes.append(len(requests)) or answer(requests)
    assert complete(model, *asked) == alone
    assert sizes == [4, 1]
    assert len({completion.content for completion in alone}) > 1


def test_requests_with_other_sampling_wait_for_a_batch_of_their_own(folder, local_model):
    model = local_model.LocalModel(folder, device="cpu")
    batches = []
    answer = model._answer
    model._answer = lambda requests: batches.append([one.temperature for one in requests]) or answer(requests)
    complete(model, request(1, 0.8), request(2, 0.0), request(3, 0.8))
    assert batches == [[0.8, 0.8], [0.0]]


def test_a_request_longer_than_the_context_fails_alone(folder, local_model):
    model = local_model.LocalModel(folder, device="cpu")
    long, short = complete(model, request(1, text="가" * 200), request(2))
    assert isinstance(long, BackendError) and not long.is_fatal
    assert "0001-1-therapist-01-1" in str(long) and "exceed the 512" in str(long)
    assert short.content


def test_template_without_a_system_role_gets_one_user_message(tmp_path, local_model):
    model = local_model.LocalModel(save_tiny_model(tmp_path, NO_SYSTEM_ROLE), device="cpu")
    text = model._text(request())
    assert text == '<|user|>지시\n\nJSON Schema: {"type": "object"}\n\n한국어<|end|><|assistant|>'


def test_generation_stops_at_the_first_whole_object(folder, local_model):
    model = local_model.LocalModel(folder, device="cpu")
    stop = local_model._WholeObject(model._tokenizer, n_prompt=2)
    rows = ["xx{'a'", 'xx{"a"}', 'xx{"a": {}', 'xx{"a": 1}', "xx}"]
    for row in rows:
        tokens = torch.tensor([model._tokenizer(row, add_special_tokens=False)["input_ids"]])
        assert stop(tokens, None).tolist() == [row == 'xx{"a": 1}'], row


def test_a_failure_reaches_everyone_who_waits(folder, local_model):
    model = local_model.LocalModel(folder, device="cpu")

    def fail(requests):
        raise torch.OutOfMemoryError("no room")

    model._answer = fail
    failures = complete(model, request(1), request(2))
    assert all(isinstance(failure, BackendError) and failure.is_fatal for failure in failures)
    assert "too little memory for 2 requests" in str(failures[0])


@pytest.mark.parametrize(
    ("template", "options", "message"),
    [
        pytest.param(None, {}, "has no chat template", id="no template"),
        pytest.param(TEMPLATE, {"device": "cuda:9"}, "can't be loaded to cuda:9", id="no such device"),
    ],
)
def test_a_model_that_cannot_be_used_is_a_clear_error(tmp_path, local_model, template, options, message):
    folder = save_tiny_model(tmp_path, template)
    with pytest.raises(BackendError, match=message) as caught:
        local_model.LocalModel(folder, **options)
    assert caught.value.is_fatal and "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_a_clear_error(tmp_path, local_model):
    with pytest.raises(BackendError, match="can't be loaded"):
        local_model.LocalModel(str(tmp_path / "none"), device="cpu")


def test_weights_that_are_no_safetensors_are_refused(tmp_path, local_model):
    folder = save_tiny_model(tmp_path)
    weights = transformers.AutoModelForCausalLM.from_pretrained(folder).state_dict()
    (tmp_path / "model.safetensors").unlink()
    torch.save(weights, tmp_path / "pytorch_model.bin")
    with pytest.raises(BackendError, match="safetensors"):
        local_model.LocalModel(folder, device="cpu")


def test_sessions_end_with_a_listed_reason_whatever_the_model_says(folder, tmp_path, monkeypatch):
    from generation.__main__ import main
    from generation.sessions.reasons import Reason

    settings = tmp_path / "short.toml"
    settings.write_text(
        'mode = "turns"\nrandom_seed = 1\nsession_attempts = 1\ncheck_retries = 0\n'
        '[therapist]\nprompt = "turns_therapist_small_v1"\ntemperature = 0.8\nmax_tokens = 8\n'
        '[client]\nprompt = "turns_client_small_v1"\ntemperature = 0.8\nmax_tokens = 8\n'
        '[turns]\ndecision = "sampled"\nmin_utterances = 3\nmax_utterances = 3\n'
    )
    model = save_tiny_model(tmp_path / "long", max_position_embeddings=4096)
    out = tmp_path / "out"
    arguments = ["--settings", settings, "--limit", "3", "--out", out, "--store", out / "store.sqlite"]
    backend = ["--backend", "transformers", "--model", model, "--device", "cpu"]
    assert main(["run", *map(str, arguments), *backend]) == 0
    rejected = [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rejected] == [1, 2, 3]
    assert {row["reason"] for row in rejected} <= {reason.value for reason in Reason}
    assert json.loads((out / "manifest.json").read_text())["models"] == [model]
    figures = json.loads((out / "run.json").read_text())
    assert figures["requests"]["answered"] == 3
    assert figures["tokens"]["completion"] <= 3 * 8
