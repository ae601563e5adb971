"""Techniques of MI that sublabels name: does a session use them?

Every function takes the utterances of one dialogue in order. Without any therapist sublabel in the dialogue a
value is undefined: then nobody coded techniques.
"""

from collections.abc import Collection, Sequence

from kmi import Role, Sublabel
from metrics.count_ratio import CountRatio
from metrics.dialogues import Utterance


def uses_technique(utterances: Sequence[Utterance], sublabels: Collection[str]) -> CountRatio:
    """Tell whether a therapist turn bears one of some sublabels.

    Args:
        utterances: Utterances of one dialogue, or a part of them.
        sublabels: Sublabels to look for.

    Returns:
        1 or 0; ``nan`` if no therapist turn has a sublabel.

    Example:
        >>> uses_technique([], ["Scaling"])
        nan
    """
    found = {u.sublabel for u in utterances if u.role is Role.THERAPIST and u.sublabel}
    return CountRatio(int(not found.isdisjoint(sublabels)), int(bool(found)))


def scaling_share(utterances: Sequence[Utterance]) -> CountRatio:
    """Tell whether a session asks a scaling question (importance or confidence, 0 to 10).

    Args:
        utterances: Utterances of one dialogue.

    Returns:
        1 or 0; ``nan`` without sublabels.

    Example:
        >>> from kmi import Label
        >>> scaling_share([Utterance(role=Role.THERAPIST, label=Label.OPEN_QUESTION, sublabel="Scaling")])
        1.0

    Source:
        Miller and Rollnick (2013), Motivational Interviewing: the importance and confidence rulers.
    """
    return uses_technique(utterances, (Sublabel.SCALING,))


def looking_share(utterances: Sequence[Utterance]) -> CountRatio:
    """Tell whether a session looks forward or back.

    Args:
        utterances: Utterances of one dialogue.

    Returns:
        1 or 0; ``nan`` without sublabels.

    Example:
        >>> from kmi import Label
        >>> question = Utterance(role=Role.THERAPIST, label=Label.OPEN_QUESTION, sublabel="Looking Back")
        >>> looking_share([question])
        1.0

    Source:
        Miller and Rollnick (2013), Motivational Interviewing: looking back and looking forward, to evoke.
    """
    return uses_technique(utterances, (Sublabel.LOOKING_BACK, Sublabel.LOOKING_FORWARD))


def permission_share(utterances: Sequence[Utterance]) -> CountRatio:
    """Tell whether a session asks permission, or informs or advises with it.

    Args:
        utterances: Utterances of one dialogue.

    Returns:
        1 or 0; ``nan`` without sublabels.

    Example:
        >>> from kmi import Label
        >>> permission_share([Utterance(role=Role.THERAPIST, label=Label.ADVISE, sublabel="With Permission")])
        1.0

    Source:
        MITI 4.2.1 (Moyers et al., 2014): Persuade with Permission; Miller and Rollnick (2013): ask,
        offer, ask.
    """
    return uses_technique(utterances, (Sublabel.PERMISSION, Sublabel.WITH_PERMISSION))


def summary_share(utterances: Sequence[Utterance]) -> CountRatio:
    """Tell whether a session has a summary.

    Args:
        utterances: Utterances of one dialogue.

    Returns:
        1 or 0; ``nan`` without sublabels.

    Example:
        >>> from kmi import Label
        >>> summary_share([Utterance(role=Role.THERAPIST, label=Label.SIMPLE_REFLECTION, sublabel="Summary")])
        1.0

    Source:
        Miller and Rollnick (2013), Motivational Interviewing: the S of OARS.
    """
    return uses_technique(utterances, (Sublabel.SUMMARY,))


def autonomy_share(utterances: Sequence[Utterance]) -> CountRatio:
    """Tell whether a session says that the choice is the client's.

    Args:
        utterances: Utterances of one dialogue.

    Returns:
        1 or 0; ``nan`` without sublabels.

    Example:
        >>> from kmi import Label
        >>> autonomy_share([Utterance(role=Role.THERAPIST, label=Label.AFFIRM, sublabel="Autonomy")])
        1.0

    Source:
        MITI 4.2.1 (Moyers et al., 2014): Emphasize Autonomy.
    """
    return uses_technique(utterances, (Sublabel.AUTONOMY,))
