import pytest

from metrics.rating.packet import Key


def test_key_is_the_same_after_writing_and_reading(prepare):
    prepared = prepare()
    assert prepared.key.dump() == prepared.key_path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": "kmi-rating/1"}', '{"format": "kmi-rating-key/1", "dialogues": {}}'],
)
def test_key_refuses_another_file(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="key.json: not a key .*give the file that `rate prepare` wrote"):
        Key.load(path)
