from benchmarks.metrics_bench import DATA, redrawn
from metrics.readers import read_dialogues


def test_redrawn_dialogues_keep_labels_and_lengths_and_repeat_no_talk():
    shapes = read_dialogues(str(DATA)).dialogues[:2]
    found = redrawn(shapes, 5)
    assert [dialogue.id for dialogue in found] == ["0", "1", "2", "3", "4"]
    for number, dialogue in enumerate(found):
        shape = shapes[number % 2]
        assert dialogue.labels == shape.labels
        for utterance, original in zip(dialogue.utterances, shape.utterances, strict=True):
            assert len(utterance.text_ko.split()) == len(original.text_ko.split())
    assert len({" ".join(u.text_ko for u in dialogue.utterances) for dialogue in found}) == 5
    assert found == redrawn(shapes, 5)
