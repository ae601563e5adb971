import json

import pytest

from tests.metrics.judging.stand_in_judge import GOOD_WORD, prefer, rate

GOOD, POOR = f"I {GOOD_WORD} that.", "You must stop."


def validations(tmp_path):
    return [json.loads(path.read_text()) for path in (tmp_path / "validations").glob("*.json")]


def test_validate_writes_figures_and_scores_but_no_text(judge, served, tmp_path, capsys):
    with served(rate) as (server, options):
        assert judge("validate", *options) == 0
    assert server.n_asked == 6
    (record,) = validations(tmp_path)
    assert (record["model"], record["asked_as"], record["is_valid"]) == ("snapshot", "alias", True)
    assert record["items"]["empathy"] == {
        "auc": 1.0,
        "interval": [1.0, 1.0],
        "n_high": 3,
        "n_low": 3,
        "mean_high": 5.0,
        "mean_low": 2.0,
    }
    assert sorted(scores["arc"] for scores in record["scores"].values()) == [2, 2, 2, 5, 5, 5]
    assert GOOD_WORD not in json.dumps(record)
    assert "tells AnnoMI high from low" in capsys.readouterr().out


def test_validate_writes_no_recording_since_it_would_quote_annomi(judge, tmp_path, capsys):
    assert judge("validate", "--backend", "store", "--record", tmp_path / "a.jsonl.gz") == 1
    assert "would write AnnoMI's text" in capsys.readouterr().err
    assert not (tmp_path / "a.jsonl.gz").exists()


def test_validate_reports_agreement_with_a_second_judge(judge, served, tmp_path, capsys):
    with served(rate) as (_, options):
        judge("validate", *options)
        first = next((tmp_path / "validations").glob("*.json"))
        second = tmp_path / "second.json"
        second.write_text(json.dumps({"model": "rater 1", "scores": json.loads(first.read_text())["scores"]}))
        capsys.readouterr()
        assert judge("validate", *options, "--second", second) == 0
    assert "quadratic kappa with rater 1 (n): cultivating_change_talk 1.00 (6)" in capsys.readouterr().out


def test_a_judge_that_tells_nothing_apart_fails_and_may_not_score(judge, served, chats, capsys):
    def even(schema, messages):
        return rate(schema, messages).replace('"score": 5', '"score": 2')

    with served(even) as (_, options):
        assert judge("validate", *options) == 1
        assert "does NOT tell" in capsys.readouterr().out
        assert judge("score", chats("mine", [GOOD]), *options) == 1
    assert "does not tell high from low (overall AUC 0.5" in capsys.readouterr().err


def test_score_refuses_an_unvalidated_judge_before_it_asks(judge, served, chats, capsys):
    with served(rate) as (server, options):
        assert judge("score", chats("mine", [GOOD]), *options) == 1
        assert server.n_asked == 0
    assert "judge_v1 with alias is not validated" in capsys.readouterr().err


def test_score_refuses_an_unvalidated_model_that_answered(judge, served, chats, capsys):
    path = chats("mine", [GOOD])
    with served(rate) as (_, options):
        judge("score", path, *options, "--unvalidated")
    capsys.readouterr()
    assert judge("score", path, "--backend", "store") == 1
    assert "judge_v1 with snapshot is not validated" in capsys.readouterr().err


def test_score_marks_an_unvalidated_judge(judge, served, chats, tmp_path, capsys):
    out = tmp_path / "report.json"
    with served(rate) as (_, options):
        assert judge("score", chats("mine", [GOOD]), *options, "--unvalidated", "--out", out) == 0
    assert "NOT VALIDATED" in capsys.readouterr().out
    assert json.loads(out.read_text())["validation"] is None


def test_score_prints_the_validation_beside_means(judge, served, chats, tmp_path, capsys):
    out = tmp_path / "report.json"
    with served(rate) as (_, options):
        judge("validate", *options)
        capsys.readouterr()
        assert judge("score", chats("mine", [GOOD, POOR]), *options, "--out", out) == 0
    printed = capsys.readouterr().out
    assert [line.split() for line in printed.splitlines() if line.startswith("arc")] == [
        ["arc", "3.50", "2", "1.00", "[1.00,", "1.00]"]
    ]
    report = json.loads(out.read_text())
    assert [dialogue["ratings"]["arc"]["score"] for dialogue in report["dialogues"]] == [5, 2]
    assert report["validation"]["is_valid"] and "scores" not in report["validation"]


def test_score_asks_only_for_what_is_missing_and_replays_a_recording(judge, served, chats, tmp_path, capsys):
    with served(rate) as (server, options):
        options = [*options, "--unvalidated"]
        assert judge("score", chats("mine", [GOOD]), *options) == 0
        record = tmp_path / "recording" / "answers.jsonl.gz"
        path = chats("mine", [GOOD, POOR, GOOD])
        assert judge("score", path, *options, "--record", record, "--out", tmp_path / "a.json") == 0
        assert server.n_asked == 2
    replay = ["--backend", "replay", "--recording", record.parent, "--unvalidated"]
    assert judge("score", path, *replay, "--out", tmp_path / "b.json", store="none") == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    capsys.readouterr()
    assert judge("score", chats("mine", ["New."]), *replay) == 1
    assert "1 of 1 questions have no answer" in capsys.readouterr().err


def test_score_gives_a_malformed_answer_back_and_leaves_a_hopeless_dialogue_out(judge, served, chats, capsys):
    seen = []

    def wild(schema, messages):
        seen.append(len(messages))
        if "hopeless" in messages[1]["content"] or len(messages) == 2:
            return '{"arc": 9}'
        return rate(schema, messages)

    with served(wild) as (_, options):
        path = chats("mine", [GOOD, "hopeless"])
        assert judge("score", path, *options, "--unvalidated") == 0
    assert sorted(seen) == [2, 2, 4, 4, 4]
    printed = capsys.readouterr().out
    assert "1 dialogues, rated by snapshot" in printed
    assert "left out, no usable answer: 1: schema" in printed


def test_score_through_files_waits_checks_and_goes_on(judge, chats, tmp_path, capsys):
    path, folder, answers = chats("mine", [GOOD, POOR]), tmp_path / "batch", tmp_path / "answers.jsonl"
    files = ["--backend", "batch", "--batch", folder, "--unvalidated"]
    assert judge("score", path, *files) == 0
    assert "2 of 2 questions wait for answers" in capsys.readouterr().err
    lines = [json.loads(line) for line in (folder / "requests.jsonl").read_text().splitlines()]
    assert "with --answers FILE --model NAME --check" in (folder / "brief.md").read_text()

    def answer(line, score):
        messages = line["body"]["messages"]
        schema = line["body"]["response_format"]["json_schema"]["schema"]
        content = rate(schema, messages).replace('"score": 5', f'"score": {score}')
        return json.dumps({"custom_id": line["custom_id"], "content": content}) + "\n"

    taking = [*files, "--answers", answers, "--model", "reader", "--worker", 1]
    answers.write_text(answer(lines[0], 7) + answer(lines[1], 5))
    assert judge("score", path, *taking, "--check") == 1
    assert "1 accepted, 1 failed a check" in capsys.readouterr().out
    answers.write_text(answer(lines[0], 4) + answer(lines[1], 5))
    assert judge("score", path, *taking, "--check") == 0
    capsys.readouterr()
    assert judge("score", path, *taking) == 0
    assert "2 dialogues, rated by reader" in capsys.readouterr().out


def test_batch_needs_a_folder_and_replay_a_recording(judge, chats, capsys):
    path = chats("mine", [GOOD])
    assert judge("score", path, "--backend", "batch", "--unvalidated") == 1
    assert "--batch FOLDER" in capsys.readouterr().err
    assert judge("score", path, "--backend", "replay", "--unvalidated") == 1
    assert "--recording FOLDER" in capsys.readouterr().err


def test_answers_of_two_models_are_not_mixed(judge, chats, served, tmp_path, capsys):
    with served(rate) as (_, options):
        judge("score", chats("mine", [GOOD]), *options, "--unvalidated")
    path, folder, answers = chats("mine", [GOOD, POOR]), tmp_path / "batch", tmp_path / "answers.jsonl"
    files = ["--backend", "batch", "--batch", folder, "--unvalidated"]
    judge("score", path, *files)
    line = json.loads((folder / "requests.jsonl").read_text())
    schema = line["body"]["response_format"]["json_schema"]["schema"]
    answer = {"custom_id": line["custom_id"], "content": rate(schema, line["body"]["messages"])}
    answers.write_text(json.dumps(answer))
    assert judge("score", path, *files, "--answers", answers, "--model", "reader") == 1
    assert "the answers are of the models reader, snapshot" in capsys.readouterr().err


def test_compare_needs_its_own_validation_and_then_ranks(judge, served, chats, tmp_path, capsys):
    good, poor = (
        chats("good", [f"{GOOD} {n}" for n in range(6)]),
        chats("poor", [f"{POOR} {n}" for n in range(6)]),
    )
    with served(prefer) as (server, options):
        assert judge("compare", good, poor, *options) == 1
        assert "compare_v1 with alias is not validated" in capsys.readouterr().err
        assert judge("validate", *options, "--pairwise") == 0
        assert server.n_asked == 6
        (record,) = validations(tmp_path)
        assert record["items"]["overall"]["auc"] == pytest.approx(
            3.5 / 4
        )  # 3 wins and the prior's half each way
        out = tmp_path / "comparison.json"
        assert judge("compare", good, poor, *options, "--out", out) == 0
    (wins,) = json.loads(out.read_text())["wins"]
    assert wins["n_pairs"] == 6
    assert wins["probability"] == pytest.approx(6.5 / 7, abs=1e-4)
    assert "the same answer in both orders for 100 % of pairs" in capsys.readouterr().out


def test_compare_calls_an_answer_that_follows_the_order_a_tie(judge, served, chats, tmp_path):
    def first(schema, messages):
        return json.dumps(json.loads(prefer(schema, messages)) | {"better": "A"})

    out = tmp_path / "comparison.json"
    with served(first) as (_, options):
        paths = chats("good", [GOOD]), chats("poor", [POOR])
        assert judge("compare", *paths, *options, "--unvalidated", "--out", out) == 0
    report = json.loads(out.read_text())
    assert report["consistent_share"] == 0.0
    assert report["wins"][0]["probability"] == 0.5


def test_compare_needs_two_files(judge, chats, capsys):
    path = chats("good", [GOOD])
    assert judge("compare", path, path, "--backend", "store", "--unvalidated") == 1
    assert "two different files" in capsys.readouterr().err
