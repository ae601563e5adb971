"""Reports of the judge as text for the terminal, each beside the validation that it rests on."""

from collections.abc import Mapping
from typing import Any

from metrics.judging.validation import OVERALL
from metrics.tables import align

NOT_VALIDATED = "NOT VALIDATED: nothing shows that this judge tells good MI from poor MI"

Report = Mapping[str, Any]


def render_scores(report: Report) -> str:
    """Lay out mean scores, beside each the AUC and agreement of the judge's validation."""
    validation = report["validation"]
    tested = validation["items"] if validation else {}
    rows = [["item", "mean", "interval", "n", "AUC high/low", "interval"]]
    for item, figures in report["items"].items():
        shown = tested.get(item, {})
        rows.append(
            [
                item,
                _number(figures["mean"]),
                _interval(figures["interval"]),
                str(figures["n"]),
                _number(shown.get("auc")),
                _interval(shown.get("interval")),
            ]
        )
    lines = [f"{len(report['dialogues'])} dialogues, rated by {report['model']} with {report['prompt']}"]
    lines += [align(rows), *_about(validation), *_refused(report["refused"])]
    return "\n".join(lines)


def render_validation(record: Report) -> str:
    """Lay out how well each item tells AnnoMI's high-quality from its low-quality sessions."""
    rows = [["item", "AUC high/low", "interval", "n high", "n low", "mean high", "mean low"]]
    for item, figures in record["items"].items():
        rows.append(
            [
                item,
                _number(figures["auc"]),
                _interval(figures["interval"]),
                str(figures["n_high"]),
                str(figures["n_low"]),
                _number(figures.get("mean_high")),
                _number(figures.get("mean_low")),
            ]
        )
    return "\n".join([f"{record['prompt']} with {record['model']} on AnnoMI", align(rows), *_about(record)])


def render_comparison(report: Report) -> str:
    """Lay out the probabilities that one system wins over another."""
    rows = [["pair", "P(first wins)", "interval", "pairs"]]
    for win in report["wins"]:
        pair = f"{win['first']} over {win['second']}"
        rows.append([pair, _number(win["probability"]), _interval(win["interval"]), str(win["n_pairs"])])
    lines = [
        f"compared by {report['model']} with {report['prompt']}; the same answer in both orders for "
        f"{100 * report['consistent_share']:.0f} % of pairs, the others tie",
        align(rows),
    ]
    return "\n".join([*lines, *_about(report["validation"]), *_refused(report["refused"])])


def _about(validation: Report | None) -> list[str]:
    """Say what the judge's validation showed."""
    if validation is None:
        return [NOT_VALIDATED]
    overall = validation["items"][OVERALL]
    verdict = "tells" if validation["is_valid"] else "does NOT tell"
    lines = [
        f"validation: {verdict} AnnoMI high from low (overall AUC {_number(overall['auc'])} "
        f"{_interval(overall['interval'])}, {overall['n_high']} high, {overall['n_low']} low)"
    ]
    for second in validation["second"]:
        kappas = ", ".join(f"{i} {_number(f['kappa'])} ({f['n']})" for i, f in second["items"].items())
        lines.append(f"quadratic kappa with {second['model']} (n): {kappas}")
    return lines if validation["second"] else [*lines, "no second judge or rater yet: add one with --second"]


def _refused(refused: Mapping[str, str]) -> list[str]:
    return [f"left out, no usable answer: {name}: {reason}" for name, reason in refused.items()]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(interval: list[float | None] | None) -> str:
    return f"[{_number(interval[0])}, {_number(interval[1])}]" if interval and interval[0] is not None else ""
