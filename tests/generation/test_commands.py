import json
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import generation.commands.run
import generation.inputs
from forecaster.plan_record import Plan, PlannedTurn, write_plans
from generation.__main__ import main
from generation.plan import load_plans
from generation.sessions.reasons import Reason
from generation.sessions.record import dialogue_record
from generation.sessions.request import Message, Request
from generation.sessions.session import RejectedError, Session
from kmi import Label, Role, Sublabel

PROFILES = Path(generation.inputs.__file__).parent / "profiles" / "profiles.jsonl"
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
N_PROFILES = 3


def request(session, stage, attempt=1, complaints=()):
    return Request(
        session=session,
        stage=stage,
        attempt=attempt,
        prompt=f"{stage}_v1",
        messages=(
            Message(role="system", content=f"instructions of {stage}"),
            Message(role="user", content=f"{stage} {session}"),
        ),
        schema=SCHEMA,
        temperature=0.8,
        max_tokens=100,
        complaints=complaints,
    )


def tiny_steps(profile):
    """Writes (asking once more after a bad text), codes, and finishes; a hopeless text is rejected."""
    name = f"{profile.id:04d}-1"
    written = yield request(name, "write")
    if "bad" in written.content:
        written = yield request(name, "write", 2, ("1번 차례 (korean): text is bad",))
    if "hopeless" in written.content:
        raise RejectedError(Reason.KOREAN, "text is hopeless")
    coded = yield request(name, "code")
    turns = [
        {
            "role": role.value,
            "utterance_ko": f"말 {written.content}",
            "utterance_en": "words",
            "label": label.value,
            "sublabel": None,
            "planned_label": label.value,
            "written_label": label.value,
            "coded_label": Label.AFFIRM.value if role is Role.THERAPIST else label.value,
        }
        for role, label in (
            (Role.THERAPIST, Label.OPEN_QUESTION),
            (Role.CLIENT, Label.CHANGE_TALK),
            (Role.THERAPIST, Label.AFFIRM),
        )
    ]
    return dialogue_record(
        profile,
        1,
        turns,
        [written, coded],
        mode="plan",
        prompts=["write_v1"],
        planner_version=1,
        checks_version=1,
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    lines = PROFILES.read_text(encoding="utf-8").splitlines()[:N_PROFILES]
    (tmp_path / "profiles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    turn = PlannedTurn(role=Role.THERAPIST, label=Label.GENERAL, sublabel=Sublabel.GREETING, phase="engaging")
    ids = [json.loads(line)["id"] for line in lines]
    plans = [Plan(profile_id=n, variant="standard", random_seed=1, turns=(turn,)) for n in ids]
    write_plans(plans, tmp_path / "plans.jsonl")
    monkeypatch.setattr(
        generation.inputs,
        "open_session",
        lambda profile, plan, settings, forecaster=None: Session(f"{profile.id:04d}", tiny_steps(profile)),
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    return tmp_path


def cli(*arguments):
    command, *rest = map(str, arguments)
    inputs = []
    if command in ("run", "export", "import", "status", "record"):
        inputs = [
            "--profiles",
            "profiles.jsonl",
            "--plans",
            "plans.jsonl",
            "--recording",
            "recording/completions",
        ]
    manifest = ["--manifest", "recording/manifest.json"] if command in ("record", "verify") else []
    return main([command, *inputs, *manifest, *rest])


def waiting_ids(folder):
    lines = (folder / "batch" / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["custom_id"] for line in lines]


def answer_all(folder, worker, text="good"):
    """Export, answer everything with one text, import; returns the import's exit code."""
    cli("export", "--out", "batch")
    lines = [json.dumps({"custom_id": i, "content": {"text": text}}) + "\n" for i in waiting_ids(folder)]
    (folder / "answers.jsonl").write_text("".join(lines))
    return cli("import", "answers.jsonl", "--model", "claude", "--worker", worker)


def record_all(folder):
    assert answer_all(folder, 1) == 0
    assert answer_all(folder, 2) == 0
    assert cli("record") == 0


def test_export_writes_waiting_requests_by_stage_shard_and_limit(folder, capsys):
    assert cli("export", "--out", "batch") == 0
    assert [i[:14] for i in waiting_ids(folder)] == ["0001-1-write-1", "0002-1-write-1", "0003-1-write-1"]
    assert "3 requests written" in capsys.readouterr().out
    cli("export", "--out", "batch", "--stage", "code")
    assert waiting_ids(folder) == []
    cli("export", "--out", "batch", "--shard", "2/2")
    assert [i[:4] for i in waiting_ids(folder)] == ["0002"]
    cli("export", "--out", "batch", "--limit", "2")
    assert [i[:4] for i in waiting_ids(folder)] == ["0001", "0002"]
    assert not (folder / "build").exists()


def test_import_moves_sessions_on_and_takes_a_file_twice(folder, capsys):
    assert answer_all(folder, 1) == 0
    assert "3 stored" in capsys.readouterr().out
    assert cli("import", "answers.jsonl", "--model", "claude", "--worker", "1") == 0
    assert "3 known already" in capsys.readouterr().out
    cli("export", "--out", "batch")
    assert [i[7:11] for i in waiting_ids(folder)] == ["code"] * 3


def test_import_check_names_each_line_and_stores_nothing(folder, capsys):
    cli("export", "--out", "batch")
    first, second, third = waiting_ids(folder)
    lines = [
        json.dumps({"custom_id": first, "content": {"text": "good"}}),
        json.dumps({"custom_id": second, "content": {"text": "bad"}}),
        json.dumps({"custom_id": third, "content": {"words": "good"}}),
        '{"custom_id": "0001',
    ]
    (folder / "answers.jsonl").write_text("\n".join(lines))
    assert cli("import", "answers.jsonl", "--model", "claude", "--check") == 1
    told = capsys.readouterr()
    assert "1 accepted, 2 failed a check, 0 known already; 1 invalid lines" in told.out
    errors = told.err.splitlines()
    assert [error.partition(":")[0] for error in errors] == [f"answers.jsonl, line {n}" for n in (2, 3, 4)]
    assert "text is bad" in errors[0]
    assert "'text' is a required property" in errors[1]
    assert "cut off" in errors[2]
    assert not (folder / "build").exists()


def test_import_refuses_a_file_with_invalid_lines_whole_unless_told_to_skip_them(folder, capsys):
    cli("export", "--out", "batch")
    first, second, _ = waiting_ids(folder)
    lines = [
        json.dumps({"custom_id": first, "content": {"text": "good"}}),
        json.dumps({"custom_id": second, "content": {"text": "bad"}}),
        json.dumps({"custom_id": "0009-1-write-1-0123456789abcdef", "content": {"text": "good"}}),
    ]
    (folder / "answers.jsonl").write_text("\n".join(lines) + "\n")
    assert cli("import", "answers.jsonl", "--model", "claude") == 1
    assert "nothing stored" in capsys.readouterr().err
    cli("export", "--out", "batch")
    assert waiting_ids(folder)[0] == first
    assert cli("import", "answers.jsonl", "--model", "claude", "--skip-invalid") == 0
    cli("export", "--out", "batch")
    assert [i[:14] for i in waiting_ids(folder)] == ["0001-1-code-1-", "0002-1-write-2", "0003-1-write-1"]


def test_import_refuses_a_worker_in_two_stages_of_one_session(folder, capsys):
    answer_all(folder, 1)
    assert answer_all(folder, 1) == 1
    assert "worker 1 served stage write of session 0001-1" in capsys.readouterr().err
    assert answer_all(folder, 2) == 0


def test_status_counts_what_is_done_and_what_waits(folder, capsys):
    answer_all(folder, 1)
    capsys.readouterr()
    assert cli("status") == 0
    assert capsys.readouterr().out.splitlines() == [
        "completions: 3 in build/completions.sqlite, 0 recorded",
        "sessions: 3; finished 0, rejected 0, waiting 3",
        "waiting for code: 3",
    ]


def test_recording_replays_to_the_same_bytes_builds_and_verifies(folder, capsys):
    record_all(folder)
    (folder / "build" / "completions.sqlite").unlink()
    results = []
    for out in ("first", "second"):
        assert cli("run", "--out", out) == 0
        assert cli("build", "--out", out, "--data", f"{out}/data") == 0
        results.append(
            {
                p.name: p.read_bytes()
                for p in (folder / out).rglob("*")
                if p.is_file() and p.name != "run.json"
            }
        )
        assert cli("verify", "--out", out) == 0
    assert "equals the recorded one" in capsys.readouterr().out
    assert results[0] == results[1]
    assert len(results[0]["dialogues.jsonl"].splitlines()) == 3
    manifest = json.loads(results[0]["manifest.json"])
    assert manifest["counts"] == {
        "profiles": 3,
        "dialogues": 3,
        "rejected": 0,
        "unfinished": 0,
        "splits": {"train": 2, "validation": 1, "test": 0},
        "utterances": 9,
        "completions": 6,
    }
    assert manifest["models"] == ["claude"]


def test_record_adds_only_what_is_new_and_says_what_waits(folder, capsys):
    assert answer_all(folder, 1) == 0
    assert cli("record") == 0
    told = capsys.readouterr()
    assert "nothing new to record" in told.out
    assert "3 profiles are left out" in told.err
    assert answer_all(folder, 2) == 0
    assert cli("record") == 0
    assert "6 completions recorded in recording/completions/0001.jsonl.gz" in capsys.readouterr().out
    assert cli("record") == 0
    assert "nothing new to record" in capsys.readouterr().out
    assert [path.name for path in (folder / "recording" / "completions").iterdir()] == ["0001.jsonl.gz"]


def add_profile(folder):
    line = PROFILES.read_text(encoding="utf-8").splitlines()[N_PROFILES]
    with (folder / "profiles.jsonl").open("a", encoding="utf-8") as profiles:
        profiles.write(f"{line}\n")
    plans = load_plans(folder / "plans.jsonl")
    added = replace(plans[1], profile_id=json.loads(line)["id"])
    write_plans([*plans.values(), added], folder / "plans.jsonl")


def test_record_reaches_to_the_first_profile_that_waits(folder, capsys):
    record_all(folder)
    capsys.readouterr()
    add_profile(folder)
    assert cli("record") == 0
    told = capsys.readouterr()
    assert "nothing new to record" in told.out
    assert f"describes {N_PROFILES} dialogues" in told.out
    assert "1 profiles are left out" in told.err


def test_replay_of_the_shipped_recording_runs_the_recorded_profiles_alone(folder, monkeypatch):
    record_all(folder)
    add_profile(folder)
    assert cli("run") == 1  # a recording of one's own is replayed for every profile
    shipped = {"PROFILES": "profiles.jsonl", "COMPLETIONS": "recording/completions"}
    for name, path in (shipped | {"RECORDED_MANIFEST": "recording/manifest.json"}).items():
        monkeypatch.setattr(generation.commands.run, name, Path(path))
    shared = ["--profiles", "profiles.jsonl", "--plans", "plans.jsonl", "--out", "shipped"]
    assert main(["run", "--backend", "replay", *shared]) == 0
    assert len((folder / "shipped" / "dialogues.jsonl").read_text().splitlines()) == N_PROFILES


def test_verify_names_the_first_stage_that_differs(folder, capsys):
    record_all(folder)
    cli("run")
    cli("build", "--data", "data")
    recorded = json.loads((folder / "recording" / "manifest.json").read_text())
    for stage in ("dialogues", "prompts"):
        recorded["stages"][stage] = "0" * 64
        (folder / "recording" / "manifest.json").write_text(json.dumps(recorded))
        assert cli("verify") == 1
        assert f"stage '{stage}' differs" in capsys.readouterr().err


def test_verify_before_build_says_what_is_missing(folder, capsys):
    record_all(folder)
    cli("run")
    assert cli("verify") == 1
    assert "has no stage 'dataset'" in capsys.readouterr().err


def test_replay_of_what_is_not_recorded_names_sessions_and_fails(folder, capsys):
    record_all(folder)
    (folder / "recording" / "completions" / "0001.jsonl.gz").rename(folder / "elsewhere.gz")
    assert cli("run") == 1
    assert "session 0001-1 asks 0001-1-write-1" in capsys.readouterr().err


def test_build_refuses_dialogues_that_were_edited_by_hand(folder, capsys):
    record_all(folder)
    cli("run")
    path = folder / "build" / "dialogues.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("words", "other words"), encoding="utf-8")
    assert cli("build", "--data", "data") == 1
    assert "is not what build/manifest.json describes" in capsys.readouterr().err
    assert not (folder / "data").exists()


def test_rejected_sessions_are_listed_with_their_reason_and_no_error(folder, capsys):
    answer_all(folder, 1, "hopeless")
    cli("record")
    assert cli("run") == 0
    rows = [json.loads(line) for line in (folder / "build" / "rejected.jsonl").read_text().splitlines()]
    assert [(row["id"], row["reason"], row["detail"]) for row in rows] == [
        (n, "korean", "text is hopeless") for n in (1, 2, 3)
    ]
    assert json.loads((folder / "build" / "manifest.json").read_text())["rejections"] == {"korean": 3}


def test_show_prints_text_and_labels(folder, capsys):
    record_all(folder)
    cli("run")
    capsys.readouterr()
    assert cli("show", "2") == 0
    text = capsys.readouterr().out
    assert " 1 Therapist: Open Question [coded Affirm]\n" in text
    assert "말" in text
    assert cli("show", "77") == 1
    assert "holds no dialogue 77; it holds 1, 2, 3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["run", "--settings", "none.toml"], "settings file none.toml does not exist", id="settings"
        ),
        pytest.param(["run", "--profiles", "none.jsonl"], "none.jsonl", id="profiles"),
        pytest.param(["run", "--plans", "none.jsonl"], "none.jsonl", id="plans"),
        pytest.param(["run"], "recording recording/completions is no folder", id="recording"),
        pytest.param(["run", "--backend", "openai"], "give it with --model", id="model"),
        pytest.param(["import", "none.jsonl"], "answer file none.jsonl can't be read", id="answers"),
        pytest.param(["show", "1"], "build/dialogues.jsonl does not exist", id="dialogues"),
        pytest.param(["build"], "manifest build/manifest.json can't be read", id="manifest"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(folder, capsys, arguments, message):
    assert cli(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert message in error


@pytest.mark.parametrize(
    "arguments",
    [["export", "--out", "o", "--shard", "4/3"], ["run", "--backend", "x"], ["run", "--limit", "0"]],
)
def test_a_wrong_command_line_is_exit_code_2(folder, arguments):
    with pytest.raises(SystemExit) as caught:
        cli(*arguments)
    assert caught.value.code == 2


def test_a_missing_plan_is_named(folder, capsys):
    lines = (folder / "plans.jsonl").read_text().splitlines()
    (folder / "plans.jsonl").write_text(lines[0] + "\n")
    assert cli("status") == 1
    assert "plans.jsonl has no plan for profile 2 and 1 more" in capsys.readouterr().err


def test_a_run_with_an_endpoint_stores_answers_and_goes_on_after_faults(folder, capsys):
    faults = {"write 0002-1": 2}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            own = body["messages"][-1]["content"]
            is_broken = faults.get(own, 0) > 0
            faults[own] = faults.get(own, 0) - 1
            content = '{"text": "good"}'
            choices = [{"message": {"role": "assistant", "content": content}}]
            answer = {"error": {"message": "boom"}} if is_broken else {"model": "served", "choices": choices}
            data = json.dumps(answer).encode()
            self.send_response(400 if is_broken else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    run = ["run", "--backend", "openai", "--model", "some-model", "--base-url", url]
    try:
        assert cli(*run, "--recording", "none") == 1
        told = capsys.readouterr()
        assert f"asking some-model at {url}" in told.err
        assert "0002-1-write-1" in told.err
        assert "boom" in told.err
        assert "run the same command again to go on" in told.err
        assert "2 dialogues" in told.out
        faults.clear()
        assert cli(*run, "--recording", "none") == 0
        assert set(faults) == {"write 0002-1", "code 0002-1"}
    finally:
        server.shutdown()
        server.server_close()
    results = [path for path in (folder / "build").iterdir() if path.is_file()]
    assert all(b"sk-secret" not in path.read_bytes() for path in results)


def test_an_unreachable_endpoint_is_told_once(folder, capsys):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    run = [
        "run",
        "--backend",
        "openai",
        "--model",
        "m",
        "--base-url",
        url,
        "--concurrency",
        "1",
        "--limit",
        "2",
    ]
    assert cli(*run, "--recording", "none") == 1
    error = capsys.readouterr().err.splitlines()
    assert error[0] == f"asking m at {url}"
    assert error[1].startswith(f"error: {url} can't be reached")
    assert len(error) == 2
