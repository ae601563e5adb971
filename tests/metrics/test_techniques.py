from math import isnan

import pytest

from kmi import Label, Role
from metrics import techniques
from metrics.dialogues import Utterance


def turns(*sublabels, role=Role.THERAPIST, label=Label.OPEN_QUESTION):
    return [Utterance(role=role, label=label, sublabel=sublabel) for sublabel in sublabels]


@pytest.mark.parametrize(
    ("function", "sublabel"),
    [
        (techniques.scaling_share, "Scaling"),
        (techniques.looking_share, "Looking Forward"),
        (techniques.looking_share, "Looking Back"),
        (techniques.permission_share, "Permission"),
        (techniques.permission_share, "With Permission"),
        (techniques.summary_share, "Summary"),
        (techniques.autonomy_share, "Autonomy"),
    ],
)
def test_technique_is_used_if_one_therapist_turn_bears_its_sublabel(function, sublabel):
    assert function(turns("Exploring", sublabel)) == 1.0
    assert function(turns("Exploring", None)) == 0.0


def test_technique_is_undefined_where_therapist_turns_have_no_sublabels():
    client = turns("Desire", role=Role.CLIENT, label=Label.CHANGE_TALK)
    assert isnan(techniques.scaling_share(turns(None) + client))
