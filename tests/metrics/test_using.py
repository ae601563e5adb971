"""The snippets of metrics/USING.md, run as they stand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kmi import Label, Role
from metrics.score import score_dialogues

ROOT = Path(__file__).parents[2]
USING = ROOT / "metrics" / "USING.md"
CHAT = {
    "messages": [
        {"role": "user", "content": "술을 줄이고 싶은데 잘 안 돼요. 건강이 걱정돼요."},
        {"role": "assistant", "content": "건강을 생각하면 이제는 줄여야겠다는 마음이 드시는군요."},
        {"role": "user", "content": "네, 정말 줄이고 싶어요."},
        {"role": "assistant", "content": "줄이면 무엇이 달라질까요?"},
    ]
}


def snippets(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", USING.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def snippet(language: str, holding: str) -> str:
    (found,) = [text for text in snippets(language) if holding in text]
    return found


def defined_by(text: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": "snippet"}
    exec(compile(text, str(USING), "exec"), names)  # our own documentation
    return names


@pytest.fixture
def in_root(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)


def task_folder(folder: Path) -> Path:
    for language in ("yaml", "python"):
        for text in snippets(language):
            if named := re.match(r"# (kmi_reply/\S+)\n", text):
                path = folder / named[1]
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return folder / "kmi_reply"


def test_commands_code_score_and_compare_a_folder_of_chats(tmp_path):
    chats = tmp_path / "chats"
    chats.mkdir()
    for number in range(3):
        (chats / f"{number}.json").write_text(json.dumps(CHAT), encoding="utf-8")
    (tmp_path / "kmi").symlink_to(ROOT / "kmi")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for command in snippet("bash", "metrics code").splitlines():
        words = [
            sys.executable,
            *command.split()[1:],
            *(["--n-resamples", "20"] if "code" not in command else []),
        ]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Differences" in (tmp_path / "comparison.html").read_text(encoding="utf-8")


def test_python_snippet_labels_and_scores_chats(capsys):
    labels = [
        turn["label"]
        for turn in defined_by(snippet("python", "print(score_dialogues"))["labeled"][0]["dialogue"]
    ]
    assert [Label(label).role for label in labels] == [Role.THERAPIST, Role.CLIENT, Role.THERAPIST]
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_compute_metrics_of_right_logits_gives_kappa_one_and_the_metrics_of_the_data(in_root):
    names = defined_by(snippet("python", "def compute_metrics"))
    rows = names["utterances"]
    ids = np.array(rows["label"])
    values = names["compute_metrics"](SimpleNamespace(predictions=np.eye(len(Label))[ids], label_ids=ids))
    dialogues = {}
    for row in rows:
        label = list(Label)[row["label"]]
        dialogues.setdefault(row["dialogue_id"], []).append({"role": label.role.value, "label": label.value})
    expected = score_dialogues([{"dialogue": turns} for turns in dialogues.values()], with_texts=False)
    assert values == {"kappa": 1.0, **{f"mi/{name}": value for name, value in expected.items()}}


def test_compute_metrics_never_gives_a_speaker_the_label_of_the_other(in_root):
    names = defined_by(snippet("python", "def compute_metrics"))
    n = len(names["utterances"])
    logits = np.tile(np.eye(len(Label))[list(Label).index(Label.CHANGE_TALK)], (n, 1))
    values = names["compute_metrics"](SimpleNamespace(predictions=logits, label_ids=np.zeros(n, int)))
    assert values["mi/change_talk_turn_share"] == 1.0


def test_reward_is_nought_without_a_reflection_and_falls_with_overlap():
    reward = defined_by(snippet("python", "def reward_reflection"))["reward_reflection"]
    prompt = CHAT["messages"][:1]
    replies = [
        "몇 살이세요?",
        "건강을 생각하면 달라지고 싶은 마음이 드시는군요.",
        "술을 줄이고 싶은데 잘 안 되고 건강이 걱정되시는군요.",
    ]
    completions = [[{"role": "assistant", "content": reply}] for reply in replies]
    question, reflection, echo = reward([prompt] * 3, completions)
    assert question == 0.0
    assert reflection > echo


def test_task_of_the_harness_scores_the_reply(tmp_path):
    task = defined_by((task_folder(tmp_path) / "task.py").read_text(encoding="utf-8"))
    assert task["doc_to_text"](CHAT).endswith("내담자: 네, 정말 줄이고 싶어요.\n상담자:")
    assert set(task["process_results"](CHAT, [" "])) == set(task["METRICS"])
    assert task["mean_where_defined"]([1.0, float("nan"), 0.0]) == 0.5


@pytest.mark.heavy
def test_harness_runs_the_task(tmp_path, in_root):
    pytest.importorskip("lm_eval")
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    class Parrot(LM):
        """Says one sentence to everything."""

        def generate_until(self, requests, **_):
            return ["달라지고 싶은 마음이 드시는군요." for _ in requests]

        def loglikelihood(self, requests, **_):
            raise AssertionError("the task generates text and asks for no likelihoods")

        loglikelihood_rolling = loglikelihood

    found = simple_evaluate(
        model=Parrot(),
        tasks=["kmi_reply"],
        task_manager=TaskManager(include_path=str(task_folder(tmp_path)), include_defaults=False),
        limit=2,
        bootstrap_iters=0,
    )
    values = found["results"]["kmi_reply"]
    assert 0 <= values["reflection_overlap_share_ko,none"] <= 1
    assert values["constraint_break_turn_share_ko,none"] == 0.0


@pytest.mark.heavy
def test_trainer_reports_the_metrics(tmp_path, in_root):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    names = defined_by(snippet("python", "def compute_metrics"))
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = transformers.BertConfig(vocab_size=16, num_labels=len(Label), **shape)
    tokenized = [
        {"input_ids": torch.tensor([row["index"] % 16]), "labels": row["label"]}
        for row in names["utterances"]
    ]
    arguments = transformers.TrainingArguments(str(tmp_path), report_to=[], use_cpu=True)
    trainer = transformers.Trainer(
        transformers.BertForSequenceClassification(config),
        arguments,
        eval_dataset=tokenized,
        compute_metrics=names["compute_metrics"],
    )
    values = trainer.evaluate()
    assert -1 <= values["eval_kappa"] <= 1
    assert 0 <= values["eval_mi/reflection_turn_share"] <= 1
