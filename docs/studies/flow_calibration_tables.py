"""The pages' tables of `flow_calibration`, beside the counts of `flow_schedules`."""

import math
from typing import Any

from scipy.stats import spearmanr

from anneal_theory.shown import with_error
from docs.studies.flow_calibration import stored
from docs.studies.flow_cells import DESIGNED
from docs.studies.flow_tables import alike, counted, markdown, rows


def flow_pilots() -> str:
    """What pilot runs tell of the mixture that resembles them."""
    head = ["d", "R", "T", "halves", "time of a step", "of its three stretches", "p", "variance of the start, times d"]
    head += ["centre ratio", "directions", "batch"]
    return markdown(head, [_pilot(row) for row in stored()["pilots"]])


def _pilot(row: dict[str, Any]) -> list[str]:
    size = f"{row['dim']}, larger flows" if row["size"] == "longest" else str(row["dim"])
    name = [size, row["separation"], row["temperature"], row["halves"]]
    if "refused" in row:
        return [*name, "refused: " + row["refused"].split("but was '")[1].split("'")[0], *["-"] * 6]
    found = row["found"]
    steps = ", ".join(with_error(one["step_size"], one["step_size_error"]) for one in found["stretches"])
    told = [_of(found, "step_size"), steps, f"{found['p_value']:.1g}"]
    told.append(with_error(row["dim"] * row["variance"], row["dim"] * found["variance_error"]))
    batch = _of(found, "batch_size") if math.isfinite(float(found["batch_size"])) else "no noise that grows"
    return [*name, *told, _of(found, "centre_ratio"), _of(found, "directions"), batch]


def _of(found: dict[str, Any], name: str) -> str:
    return with_error(float(found[name]), float(found[f"{name}_error"]))


def flow_predictions() -> str:
    """What the calibrated mixture foretells, beside what became of flows."""
    told = {(row["table"], row["name"]): row for row in stored()["predictions"]}
    lines, shares, chances = [], [], []
    for table in ("holds", "ways"):
        found = rows(table, separation="3", dim=8)
        for row in found if table == "holds" else alike(found):
            if (one := told.get((table, row["name"]))) is not None:
                name = f"T = {row['name']} for 450 steps" if table == "holds" else row["name"]
                shares.append(row["collapsed"] / row["decided"])
                chances.append([one[part] for part in ("clock", "law", "noise")])
                lines.append([name, counted(row), *(f"{chance:.2f}" for chance in chances[-1])])
    ranks = [spearmanr(shares, chances_of_one).statistic for chances_of_one in zip(*chances, strict=True)]
    lines.append(["rank correlation with the flows' shares (Spearman)", "", *(f"{rank:.2f}" for rank in ranks)])
    head = ["annealing", "flows collapsed (95 % interval)", "P of the mixture: clock alone", "its start fitted too"]
    return markdown([*head, "start and noise"], lines)


def flow_designs() -> str:
    """Flows under schedules designed for the calibrated mixture, and for the clock alone."""
    lines = []
    for row in stored()["designs"]:
        table, dim = ("ways", 8) if row["size"] == "8" else ("dimensions", 32)
        other = rows(table, name=DESIGNED + row["family"], dim=dim)
        beside = counted(other[0]) if other else "-"
        lines.append([row["size"], row["family"], f"{row['predicted']:.2f}", counted(row), beside])
    head = ["d", "family", "P foretold", "flows collapsed, calibrated (95 % interval)", "clock alone"]
    return markdown(head, lines)
