"""Four of the authors' cells trained by the package, beside their counts and the exact theory: computed once, stored.

    python -m docs.studies.paper_training       (in a source checkout; some minutes on one core)

The authors' settings: batches of 8192 samples a component, 100 runs, steps of 0.05 T, variances trained, d = 512; the
reduced route, whose law is that of training in all coordinates. Intervals are Clopper and Pearson's of 99 %; counts of
two trainings are compared by Fisher's exact test. Cells that are stored are not trained again.
"""

import json
from pathlib import Path
from typing import Any

from scipy.stats import fisher_exact

from anneal_theory.compare import interval
from anneal_theory.numerics.pools import cores
from anneal_theory.problem import SphereInit
from anneal_theory.report.paper_cells import DIM, STEP, chi_square, stored
from anneal_theory.results import Outcomes
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training import train_mixture
from docs.studies.cells import in_words, row_file
from docs.studies.paper_cells import TARGET, schedule_of

STORE = Path(__file__).with_name("paper_training.json")
CELLS = ((9000.0, 500), (284.605, 300), (28.4605, 500), (9.0, 700))  # initial temperature, annealing steps
BATCH, REPLICAS, CONFIDENCE = 8192, 100, 0.99


def trained(cell: dict[str, Any], seed: int) -> Outcomes:
    """Our runs of a cell."""
    return train_mixture(
        TARGET, schedule_of(cell), SphereInit(DIM), objective="free-energy", constraint="sphere", variance="trained",
        replicas=REPLICAS, batch_size=BATCH, step_size=STEP, seed=seed, threads=1,
    )  # fmt: skip


def computed(given: tuple[dict[str, Any], int]) -> dict[str, Any]:
    """What is stored of a cell of theirs and our seed."""
    return row(given[0], trained(*given))


def row(cell: dict[str, Any], found: Outcomes) -> dict[str, Any]:
    """Our count beside a cell of theirs and the exact probabilities."""
    ours, all_ours, theirs, all_theirs = found.count, found.decided, cell["collapsed"], cell["runs"]
    table = [[ours, all_ours - ours], [theirs, all_theirs - theirs]]
    bounds = interval(ours, all_ours, CONFIDENCE), interval(theirs, all_theirs, CONFIDENCE)
    return cell | {
        "ours": ours,
        "ours_decided": all_ours,
        "ours_undecided": found.replicas - all_ours,
        "ours_interval": [round(one, 4) for one in bounds[0]],
        "theirs_interval": [round(one, 4) for one in bounds[1]],
        "fisher_p": round(float(fisher_exact(table).pvalue), 4),
        "mean_steps": float(found.statistics["steps"].mean()),
    }


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    found: list[dict[str, Any]] = json.loads(STORE.read_text("utf-8"))["cells"]
    return found


def paper_training() -> str:
    """Counts of both trainings and the exact theory, one row a cell."""
    cells = rows()
    head = ["T0", "steps", "ours", "99 % interval", "authors", "99 % interval", "exact, v trained", "exact, v = T"]
    lines = [head, ["---"] * len(head)]
    for one in cells:
        ours, theirs = ("{:.2f} to {:.2f}".format(*one[name]) for name in ("ours_interval", "theirs_interval"))
        counts = f"{one['ours']} of {one['ours_decided']}", f"{one['collapsed']} of {one['runs']}"
        exact = f"{one['trained']:.3f}", f"{one['follows-temperature']:.3f}"
        temperature = f"{one['initial_temperature']:g}"
        lines.append([temperature, str(one["annealing_steps"]), counts[0], ours, counts[1], theirs, *exact])
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{table}\n\n{_verdict(cells)}"


def _verdict(cells: list[dict[str, Any]]) -> str:
    own = [one | {"collapsed": one["ours"], "runs": one["ours_decided"]} for one in cells]
    trained_rule, slaved = (chi_square(own, rule) for rule in ("trained", "follows-temperature"))
    undecided, least = sum(one["ours_undecided"] for one in cells), min(one["fisher_p"] for one in cells)
    return (
        f"chi-square of our {len(cells)} cells: {trained_rule:.1f} (variance slaved to the temperature: {slaved:.1f}); "
        f"{undecided} runs undecided; least p-value of our count beside the authors': {least:.2f}."
    )


def main() -> None:
    """Train what is not stored, and write."""
    names = "initial_temperature", "annealing_steps"
    known = {tuple(one[name] for name in names): one for one in stored()["cells"]}
    cells = {place: (known[place], seed) for seed, place in enumerate(CELLS)}
    found = fill_rows(cells, computed, row_file(STORE, names), what="training", keeper="file", workers=cores())
    print(_verdict(list(found.values())))


if __name__ == "__main__":
    in_words(main)
