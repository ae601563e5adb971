import json
import re


def test_text_packet_asks_for_the_answer_that_collect_reads(prepare, tmp_path, capsys):
    from metrics.__main__ import main

    prepared = prepare("--items", "reading", "--rater", "reader-a", out="packet.md")
    text = prepared.page.read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)\n```", text, re.DOTALL).group(1)
    answer = tmp_path / "answer.json"
    answer.write_text(example, encoding="utf-8")
    assert main(["rate", "collect", str(answer), "--key", str(prepared.key_path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out.split("\n", 2)[2])
    assert report["raters"][0]["rater"] == "reader-a"
    assert report["raters"][0]["ratings"] == [9, 4 * 9]


def test_text_packet_keeps_an_utterance_on_one_line_and_hides_sources(prepare):
    prepared = prepare(out="packet.md")
    text = prepared.page.read_text(encoding="utf-8")
    assert len(re.findall(r"(?m)^\d+ (?:Therapist|Client): ", text)) == 4 * 7
    assert all(re.search(rf"(?m)^### {name} \(", text) for name in prepared.key.dialogues)
    assert all(check in text for check in prepared.key.checks)
    assert not re.search("alpha|beta", text)


def test_text_packet_leaves_out_what_is_not_asked(prepare):
    text = prepare("--checks", "0", "--pairs", "0", out="packet.md").page.read_text(encoding="utf-8")
    assert "## Labels" not in text and "## Preferences" not in text
