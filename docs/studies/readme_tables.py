"""The README's tables of statements and of RealNVP flows, shorter than those of docs/results.md."""

from collections.abc import Mapping
from typing import Any

from anneal_theory.compare import interval
from anneal_theory.report import realnvp
from anneal_theory.report.paper_cells import CONFIDENCE
from anneal_theory.report.paper_page import STATEMENTS
from anneal_theory.training.recipes import paper_recipe
from docs.studies import paper_realnvp

# Statements that need no letter beyond those of the README, in the order in which it tells them.
STATED = (
    "A critical temperature", "Hotter starts, in a given time", "Slower cooling from a given T₀", "Larger dimension",
    "The variance of the components",
)  # fmt: skip
_PAPER = ((1.0, 1200), (2.84605, 1200), (9.0, 400), (9.0, 1200), (90.0, 1200))  # T0 and steps of flows at full size
_SMALL = ((1.0, 1200), (9.0, 400), (9.0, 1200))  # and of the smaller ones


def statements_in_short() -> list[list[str]]:
    """Head and rows: some statements of the paper, and what becomes of them in either model."""
    rows = {name: [name, *said] for name, *said in STATEMENTS}
    return [["", "free means", "the paper's sphere"], *(rows[name] for name in STATED)]


def flows_in_short() -> list[list[str]]:
    """Head and rows: stored flows, each with its recipe, steps, direction of mu* and count."""
    section, table = realnvp.section(), realnvp.stored()["baselines"]
    found = [["d", "mu* along", "flow and recipe", "steps", "annealing", "collapsed (95 %)", "the authors"]]
    for row in section["headline"]:
        way = "none" if row["cooling"] == "none" else row["cooling"]
        found.append(
            [str(row["dim"]), *_told(row["recipe"]), str(row["steps"]), way, _of(row["collapsed"], row["seeds"]), "-"]
        )
    for row in table["rows"]:
        way = "none" if row["name"] == "no annealing" else row["name"]
        counts = _of(row["collapsed"], row["replicas"])
        found.append([str(table["dim"]), *_told(section["recipe"]), str(table["steps"]), way, counts, "-"])
    return (
        found + [_paper_row(*cell, full=False) for cell in _SMALL] + [_paper_row(*cell, full=True) for cell in _PAPER]
    )


def paper_recipe_told() -> str:
    """What "paper's" means in the table."""
    recipe = paper_recipe()
    layers, optimiser = recipe["hidden"], recipe["optimiser"].capitalize()
    return (
        f'"paper\'s" is the recipe of the paper: {recipe["couplings"]} couplings, {"-".join(map(str, layers))}; '
        f"{optimiser} {recipe['step_size']:g}; batch {recipe['batch_size']}."
    )


def _told(recipe: Mapping[str, str]) -> tuple[str, str]:
    return recipe["direction"], f"{recipe['flow']}; {recipe['rates'].partition(', falling')[0]}"


def _paper_row(temperature: float, steps: int, full: bool) -> list[str]:
    """A cell by the paper's recipe: counts of the decided flows, at the authors' size beside theirs."""
    stored = paper_realnvp.stored(paper_realnvp.FULL_STORE if full else paper_realnvp.STORE)
    rows = [row for row in stored if (row["initial_temperature"], row["annealing_steps"]) == (temperature, steps)]
    theirs: dict[str, Any] = paper_realnvp.counted(temperature, steps)
    flow = rows[0]["settings"]["flow"]
    way = "none" if temperature == 1 else f"T₀ = {temperature:g}"
    size = (
        "paper's"
        if full
        else f"paper's, layers of {flow['hidden'][0]}, batch {rows[0]['settings']['rules']['batch_size']}"
    )
    return [
        str(flow["dim"]), rows[0]["settings"]["mode_direction"], size, str(steps), way,
        _of(sum(row["collapsed"] for row in rows), sum(row["decided"] for row in rows)),
        _of(theirs["collapsed"], theirs["runs"]) if full else "-",
    ]  # fmt: skip


def _of(collapsed: int, runs: int) -> str:
    low, high = interval(collapsed, runs, CONFIDENCE)
    return f"{collapsed} of {runs} ({low:.2f} to {high:.2f})"
