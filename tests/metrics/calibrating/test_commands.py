import json

from metrics.__main__ import main
from metrics.calibrating import commands
from metrics.quality import WEIGHTS


def test_calibrate_writes_weights_with_the_hash_of_what_they_were_trained_on(
    annomi_path, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(commands, "WEIGHTS", tmp_path / "weights.json")
    assert main(["calibrate", "--annomi", str(annomi_path)]) == 0
    written = json.loads((tmp_path / "weights.json").read_text(encoding="utf-8"))
    shipped = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert written["inputs_sha256"] == shipped["inputs_sha256"]
    assert "Wu et al." in written["attribution"]
    assert '"auc"' in capsys.readouterr().out


def test_calibrate_without_annomi_says_where_to_get_it(tmp_path, capsys):
    assert main(["calibrate", "--annomi", str(tmp_path / "nowhere.csv")]) == 1
    assert "python -m forecaster fetch" in capsys.readouterr().err
