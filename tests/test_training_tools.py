"""TRL prepares the config `messages` for fine-tuning with chat templates that are strict about turns."""

from pathlib import Path

import pytest

import kmi
from generation.dataset import dataset_rows

pytestmark = pytest.mark.heavy
trl = pytest.importorskip("trl")
datasets = pytest.importorskip("datasets")

from tests.generation.backends.test_local_model import save_tiny_model  # noqa: E402, needs torch

NOT_LEARNED = -100
"""Target of a token that the loss skips, in torch and TRL."""
STRICT = """\
{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}\
{% for message in messages %}\
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"""
GEMMA = (
    "{{ bos_token }}"
    + STRICT
    + """\
{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}\
{{ '<start_of_turn>' + role + '\n' }}{% if role == 'model' %}{% generation %}\
{{ message['content'] | trim + '<end_of_turn>\n' }}{% endgeneration %}{% else %}\
{{ message['content'] | trim + '<end_of_turn>\n' }}{% endif %}{% endfor %}"""
)
MISTRAL = (
    "{{ bos_token }}"
    + STRICT
    + """\
{% if message['role'] == 'user' %}{{ ' [INST] ' + message['content'] + ' [/INST]' }}\
{% else %}{% generation %}{{ ' ' + message['content'] + eos_token }}{% endgeneration %}{% endif %}\
{% endfor %}"""
)


def _trainer(folder: Path, template: str, rows):
    from transformers import AutoTokenizer

    model = save_tiny_model(folder / "model", template, max_position_embeddings=8192)
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.bos_token = "<|end|>"
    settings = trl.SFTConfig(
        output_dir=str(folder / "out"),
        assistant_only_loss=True,
        max_length=8192,
        max_steps=1,
        per_device_train_batch_size=1,
        use_cpu=True,
        bf16=False,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = trl.SFTTrainer(model=model, args=settings, train_dataset=rows, processing_class=tokenizer)
    return trainer, tokenizer


@pytest.fixture
def messages(tmp_path, small_project, small_dialogues):
    """The train split of `messages`, as a user loads it, and the rows that it must hold."""
    data = small_project / "kmi" / "data" / "messages-train.parquet"
    loaded = datasets.load_dataset(
        "parquet", data_files=str(data), split="train", cache_dir=str(tmp_path / "cache")
    )
    return loaded, dataset_rows(small_dialogues)["messages", "train"]


@pytest.mark.parametrize("template", [GEMMA, MISTRAL], ids=["gemma", "mistral"])
def test_messages_become_tokens_and_only_the_therapist_is_learned(tmp_path, messages, template):
    loaded, rows = messages
    trainer, tokenizer = _trainer(tmp_path, template, loaded)
    for prepared, row in zip(trainer.train_dataset, rows, strict=True):
        tokens, targets = prepared["input_ids"], prepared["labels"]
        learned = tokenizer.decode([target for target in targets if target != NOT_LEARNED])
        rest = [token for token, target in zip(tokens, targets, strict=True) if target == NOT_LEARNED]
        rest = tokenizer.decode(rest)
        for message in row["messages"]:
            own, other = (learned, rest) if message["role"] == "assistant" else (rest, learned)
            assert message["content"] in own and message["content"] not in other


def test_one_step_of_training_runs_on_the_messages(tmp_path, messages):
    trainer, _ = _trainer(tmp_path, GEMMA, messages[0])
    assert trainer.train().training_loss > 0


def test_shipped_messages_pass_a_strict_template(tmp_path):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(save_tiny_model(tmp_path / "model", GEMMA))
    data = Path(kmi.__file__).parent / "kmi" / "data"
    for split in kmi.SPLITS:
        rows = datasets.Dataset.from_parquet(
            str(data / f"messages-{split}.parquet"), cache_dir=str(tmp_path / "cache")
        )
        for row in rows:
            text = tokenizer.apply_chat_template(row["messages"], tokenize=False)
            assert text.count("<start_of_turn>model\n") == sum(
                message["role"] == "assistant" for message in row["messages"]
            )
