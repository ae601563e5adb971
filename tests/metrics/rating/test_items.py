from kmi import Label
from metrics.rating.items import LANGUAGES, label_choices, read_item_sets
from metrics.rating.rating_page import PAGE, SCRIPTS, read_interface


def test_items_have_every_text_in_both_languages():
    items = {item for members in read_item_sets().values() for item in map(id, members)}
    assert items
    for members in read_item_sets().values():
        for item in members:
            for texts in (item.title, item.question, item.low, item.middle, item.high):
                assert set(texts) == set(LANGUAGES) and all(texts.values()), item.name


def test_label_choices_define_every_label_of_the_contract_under_its_role():
    choices = {(role, label["value"]) for role, labels in label_choices().items() for label in labels}
    assert choices == {(str(label.role), str(label)) for label in Label}
    assert all(
        set(label["definition"]) == set(LANGUAGES) for labels in label_choices().values() for label in labels
    )


def test_interface_has_every_text_in_both_languages_and_each_is_used():
    script = "".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    computed = {
        "title",
        "needs_script",
        "Therapist",
        "Client",
        "suicide_self_harm",
        "alcohol_drugs",
        "violence_abuse",
    }
    for key, texts in read_interface().items():
        assert set(texts) == set(LANGUAGES), key
        assert key in computed or f'"{key}"' in script, f"{key} is never shown"
