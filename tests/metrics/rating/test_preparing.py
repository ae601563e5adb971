import json
from dataclasses import asdict

import pytest

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.rating.items import read_item_sets
from metrics.rating.preparing import PacketSettings, build_packet
from metrics.readers import read_dialogues

ITEMS = read_item_sets()["expert"]
SETTINGS = PacketSettings(n=3, n_checks=2, n_pairs=3, random_seed=7)


@pytest.fixture
def built(sources):
    read = {f"source {path}": read_dialogues(path).dialogues for path in sources}
    return read, *build_packet(read, ITEMS, SETTINGS)


def test_packet_holds_no_source_label_or_original_id(built):
    _, packet, _ = built
    content = json.dumps(asdict(packet) | {"items": None}, ensure_ascii=False)
    for word in ("source", "alpha", "beta", "label", *map(str, Label)):
        assert word not in content, word


def test_key_leads_every_blinded_id_back_to_the_text_and_label_of_its_source(built):
    read, packet, key = built
    originals = {(s, d.id): d for s, dialogues in read.items() for d in dialogues}
    for shown in packet.dialogues:
        origin = key.dialogues[shown.id]
        original = originals[origin.source, origin.id]
        assert [u.text for u in shown.utterances] == [u.text_ko for u in original.utterances]
        for check, label in key.checks.items():
            name, number = check.split(".")
            if name == shown.id:
                assert original.labels[int(number) - 1] == label
    assert sorted(origin.source for origin in key.dialogues.values()) == sorted(list(read) * 3)
    assert len(key.checks) == 6 * 2
    for first, second in key.pairs.values():
        assert key.dialogues[first].category == key.dialogues[second].category
        assert key.dialogues[first].source != key.dialogues[second].source


def test_packet_is_the_same_for_a_seed_and_another_for_another(built):
    read, packet, key = built
    again, same_key = build_packet(read, ITEMS, SETTINGS)
    other, _ = build_packet(read, ITEMS, PacketSettings(n=3, n_checks=2, n_pairs=3, random_seed=8))
    assert (again.hash, same_key) == (packet.hash, key)
    assert other.hash != packet.hash


def test_english_dialogue_is_not_asked_for_natural_korean():
    turn = Utterance(role=Role.THERAPIST, label=Label.GENERAL, text_en="Hello.")
    settings = PacketSettings(n=1, n_checks=0, n_pairs=0, random_seed=1)
    _, key = build_packet({"a": [Dialogue(id="1", utterances=(turn,))]}, ITEMS, settings)
    assert "natural_korean" not in key.asked_of("D01")
    assert "fluency" in key.asked_of("D01")


def test_packet_refuses_a_dialogue_without_text():
    turn = Utterance(role=Role.THERAPIST, label=Label.GENERAL, text_ko=" ")
    settings = PacketSettings(n=1, n_checks=0, n_pairs=0, random_seed=1)
    with pytest.raises(
        ValueError, match="a, dialogue 1: some utterances have no text; each needs 'utterance_ko'"
    ):
        build_packet({"a": [Dialogue(id="1", utterances=(turn,))]}, ITEMS, settings)


def test_settings_refuse_to_draw_nothing():
    with pytest.raises(ValueError, match="--n is 0; allowed is 1 or more"):
        PacketSettings(n=0, n_checks=0, n_pairs=0, random_seed=1)
    with pytest.raises(ValueError, match="--checks is -1; allowed is 0 or more"):
        PacketSettings(n=1, n_checks=-1, n_pairs=0, random_seed=1)
