"""Short sessions of mode `turns` and a stand-in that answers their requests as an obedient model would."""

import json
from pathlib import Path

import generation.inputs

SETTINGS = """
mode = "turns"
random_seed = 1
session_attempts = 1
check_retries = 1
[therapist]
prompt = "turns_therapist_small_v1"
temperature = 0.8
max_tokens = 60
[client]
prompt = "turns_client_small_v1"
temperature = 0.8
max_tokens = 60
[turns]
decision = "sampled"
min_utterances = 3
max_utterances = 5
"""
SPOKEN = {
    "Open Question": ("그 뒤로 하루가 어떻게 달라졌나요?", "How have your days changed since then?"),
    "Closed Question": ("그 일을 가족도 알고 있나요?", "Does your family know about it?"),
}
REFLECTED = ("밤에 자꾸 깨신다는 말씀이네요.", "You keep waking up at night, you say.")


def write_inputs(folder: Path, n_profiles: int) -> list[str]:
    """Write a settings file and the first profiles; returns the command line options that name them."""
    lines = generation.inputs.PROFILES.read_text(encoding="utf-8").splitlines()[:n_profiles]
    (folder / "profiles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "short.toml").write_text(SETTINGS, encoding="utf-8")
    options = ["--settings", folder / "short.toml", "--profiles", folder / "profiles.jsonl"]
    return list(map(str, [*options, "--recording", "none"]))


def spoken(prompt: str, own_part: str) -> str:
    """Answer the user's part of a request of the small prompts."""
    if "client" in prompt:
        answer = {"ko": "그래도 밤에는 못 끊겠어요.", "en": "Still, I can't give it up at night."}
        return json.dumps(answer | {"label": "Sustain Talk"}, ensure_ascii=False)
    label = own_part.splitlines()[-1].rstrip(":")
    ko, en = SPOKEN.get(label, REFLECTED)
    return json.dumps({"ko": ko, "en": en, "ends": False}, ensure_ascii=False)


def spoken_line(line: dict) -> str:
    """Answer one line of a batch file."""
    body = line["body"]
    user = next(message for message in body["messages"] if message["role"] == "user")
    return spoken(body["response_format"]["json_schema"]["name"], user["content"])
