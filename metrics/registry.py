"""The tables of metrics: everything that scores, reports or renders metrics reads them here.

To add a metric: write the function with its docstring in the module of its kind, and add one line below.
"""

from functools import partial

from metrics import (
    client_ratios,
    competence,
    distributions,
    divergence,
    quality,
    ratios,
    techniques,
    trajectory,
    transitions,
)
from metrics.dialogues import ClientCoding
from metrics.metric import Direction, Level, Metric, Unit
from metrics.text import (
    agreement,
    closing,
    constraints,
    diversity,
    duplicates,
    facts,
    formulas,
    honorifics,
    lengths,
    reflection_overlap,
    stems,
)
from metrics.text.analysis import Language

METRICS = (
    Metric(ratios.reflection_to_question_ratio, "R:Q", Unit.RATIO, Direction.HIGHER),
    Metric(ratios.reflection_share, "R/(R+Q)", Unit.SHARE, Direction.HIGHER),
    Metric(ratios.reflection_turn_share, "R/T", Unit.SHARE, Direction.BAND),
    Metric(ratios.percent_complex_reflections, "%CR", Unit.PERCENT, Direction.HIGHER),
    Metric(ratios.percent_open_questions, "%OQ", Unit.PERCENT, Direction.BAND),
    Metric(ratios.percent_mi_consistent, "%MIC*", Unit.PERCENT, Direction.HIGHER),
    Metric(ratios.input_turn_share, "(GI+AD)/T", Unit.SHARE, Direction.BAND),
    Metric(ratios.general_turn_share, "General/T", Unit.SHARE, Direction.DESCRIPTIVE),
    Metric(competence.miti_fair_share, "MITI fair", Unit.SHARE, Direction.HIGHER),
    Metric(competence.miti_good_share, "MITI good", Unit.SHARE, Direction.HIGHER),
    Metric(distributions.label_entropy, "label entropy", Unit.SHARE, Direction.HIGHER),
    Metric(distributions.strategy_balance, "balance", Unit.SHARE, Direction.HIGHER),
    Metric(
        client_ratios.change_talk_turn_share,
        "CT/C",
        Unit.SHARE,
        Direction.BAND,
        client_coding=ClientCoding.CHANGE_TALK,
    ),
    Metric(
        client_ratios.sustain_talk_turn_share,
        "ST/C",
        Unit.SHARE,
        Direction.DESCRIPTIVE,
        client_coding=ClientCoding.FULL,
    ),
    Metric(
        client_ratios.percent_change_talk,
        "%CT",
        Unit.PERCENT,
        Direction.HIGHER,
        client_coding=ClientCoding.FULL,
    ),
    Metric(
        transitions.change_talk_after_open_question_probability,
        "P(CT | OQ)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.change_talk_after_mi_consistent_probability,
        "P(CT | R,OQ,AF)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.reflection_after_change_talk_probability,
        "P(R | CT)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.reflection_after_sustain_talk_probability,
        "P(R | ST)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.FULL,
        counts_opening=True,
    ),
    Metric(
        trajectory.change_talk_slope,
        "CT slope",
        Unit.SLOPE,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        pools=False,
    ),
    Metric(
        trajectory.change_talk_last_third_share,
        "CT/C, last third",
        Unit.SHARE,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
    ),
    Metric(
        trajectory.change_talk_turning_point_share,
        "turning point",
        Unit.SHARE,
        Direction.DESCRIPTIVE,
        client_coding=ClientCoding.FULL,
        pools=False,
    ),
    Metric(techniques.scaling_share, "scaling", Unit.SHARE, Direction.HIGHER, level=Level.UTTERANCES),
    Metric(techniques.looking_share, "looking", Unit.SHARE, Direction.HIGHER, level=Level.UTTERANCES),
    Metric(techniques.permission_share, "permission", Unit.SHARE, Direction.HIGHER, level=Level.UTTERANCES),
    Metric(techniques.summary_share, "summary", Unit.SHARE, Direction.HIGHER, level=Level.UTTERANCES),
    Metric(techniques.autonomy_share, "autonomy", Unit.SHARE, Direction.HIGHER, level=Level.UTTERANCES),
    Metric(divergence.label_divergence, "JSD labels", Unit.BITS, Direction.LOWER, level=Level.CORPUS),
    Metric(divergence.label_pair_divergence, "JSD pairs", Unit.BITS, Direction.LOWER, level=Level.CORPUS),
)

_share = partial(Metric, unit=Unit.SHARE, level=Level.TEXT)
_korean_share = partial(_share, languages=(Language.KOREAN,))
_collection_share = partial(Metric, unit=Unit.SHARE, level=Level.COLLECTION)
_variation = partial(Metric, unit=Unit.RATIO, level=Level.TEXT)

TEXT_METRICS = (
    _share(
        quality.high_quality_share,
        "high quality",
        direction=Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
    ),
    _share(reflection_overlap.simple_reflection_overlap_share, "overlap, SR", direction=Direction.LOWER),
    _share(reflection_overlap.complex_reflection_overlap_share, "overlap, CR", direction=Direction.LOWER),
    _share(reflection_overlap.reflection_overlap_share, "overlap, R", direction=Direction.LOWER),
    _share(agreement.agreeing_start_share, "agreeing starts", direction=Direction.LOWER),
    _share(
        agreement.agreeing_start_after_reflection_share,
        "agreeing starts after R",
        direction=Direction.DESCRIPTIVE,
    ),
    _collection_share(stems.common_opening_share, "one opening", direction=Direction.LOWER),
    _collection_share(stems.common_ending_share, "one ending", direction=Direction.LOWER),
    _collection_share(stems.common_phrase_share, "one phrase", direction=Direction.LOWER),
    _collection_share(
        formulas.common_formula_share,
        "one formula",
        direction=Direction.LOWER,
        languages=(Language.KOREAN,),
    ),
    _share(stems.repeated_start_share, "repeated starts", direction=Direction.LOWER),
    _korean_share(stems.gunyo_ending_share, "~군요", direction=Direction.LOWER),
    _variation(lengths.therapist_length_variation_ratio, "length CV, therapist", direction=Direction.HIGHER),
    _variation(lengths.client_length_variation_ratio, "length CV, client", direction=Direction.HIGHER),
    _share(lengths.short_client_turn_share, "short client turns", direction=Direction.HIGHER),
    _share(lengths.client_talk_share, "client's words", direction=Direction.BAND),
    _korean_share(facts.fact_recall_share, "facts said", direction=Direction.HIGHER),
    _share(closing.closing_share, "closing", direction=Direction.HIGHER),
    _share(diversity.distinct_unigram_share, "distinct-1", direction=Direction.HIGHER),
    _share(diversity.distinct_bigram_share, "distinct-2", direction=Direction.HIGHER),
    _collection_share(diversity.self_bleu_share, "self-BLEU", direction=Direction.LOWER),
    _collection_share(duplicates.exact_duplicate_share, "exact duplicates", direction=Direction.LOWER),
    _collection_share(duplicates.near_duplicate_share, "near-duplicates", direction=Direction.LOWER),
    _collection_share(
        duplicates.near_duplicate_dialogue_share, "near-duplicate dialogues", direction=Direction.LOWER
    ),
    _korean_share(constraints.stock_word_turn_share, "stock words", direction=Direction.LOWER),
    _korean_share(constraints.constraint_break_turn_share, "constraint breaks", direction=Direction.LOWER),
    _korean_share(constraints.praise_formula_turn_share, "formula praise", direction=Direction.LOWER),
    _korean_share(honorifics.honorific_misuse_turn_share, "honored things", direction=Direction.LOWER),
)
