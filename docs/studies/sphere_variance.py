"""How far the law of a trained variance in large dimension takes P on the sphere, in few dimensions: computed, stored.

    python -m docs.studies.sphere_variance       (in a source checkout; some minutes on one core)

R = 3, equal weights, the free energy. The same 20,000 starts are followed twice, under v' = T - v and under the slope
of the loss in a common variance, which is exact in every dimension, beside the probability by either. The first
thousand of them are also followed with a variance for each component, as training has them, by the definition of the
flow (`sphere_parted`). Cells that are stored are kept.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory._types import BoolArray
from anneal_theory.errors import SolveError
from anneal_theory.gradient_flow import SphereState
from anneal_theory.gradient_flow.driver import Settings, integrate
from anneal_theory.gradient_flow.sphere import sphere_system
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.sphere.simulated import SphereDraws
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file
from docs.studies.sphere_parted import collapsed_of_own_variances

STORE = Path(__file__).with_name("sphere_variance.json")
SETTINGS = (("0.8", 9, 20), ("0.8", 90, 35), ("0.6", 30, 15))  # w*, T0, t0
DIMS = (3, 8, 32)
STARTS, OWN_DIMS, OWN_STARTS = 20_000, (3, 8), 1000
PAPER: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
_AT_ONCE, _RTOL, _SETTLED = 2000, 1e-8, 60.0

Place = tuple[str, int, int, int]  # w*, T0, t0, d
NAMES = ("weight", "initial_temperature", "duration", "dim")


def problem_of(place: Place) -> tuple[BimodalTarget, ExponentialToOne, SphereInit]:
    """What is asked at a cell."""
    weight, initial, duration, dim = place
    return BimodalTarget(3, weight), ExponentialToOne(initial, duration=duration), SphereInit(dim)


def collapsed(target: BimodalTarget, schedule: ExponentialToOne, starts: SphereState, dim: float) -> BoolArray:
    """Which of the starts collapse where the common variance follows its law in a dimension, inf for the large one.

    Raises:
        SolveError: a run does not reach its end, or is not settled there.
    """
    columns, found = vars(starts), []
    for first in range(0, len(starts.pair_overlap), _AT_ONCE):  # type: ignore[arg-type]  # arrays
        some = SphereState(**{name: values[first : first + _AT_ONCE] for name, values in columns.items()})
        strict = _RTOL / np.sqrt(np.size(some.cosine))
        system, statistics = sphere_system(target, schedule, some, Dynamics(**PAPER), strict, dim)
        ends = np.array([0.0, schedule.end_time + _SETTLED])
        run = integrate(system, ends, schedule.strides(), Settings("DOP853", strict, 200_000))
        last = statistics(np.array(run.states).reshape(len(run.states), -1))["pair_overlap"][-1]
        if run.status != "finished" or np.min(np.abs(last)) < 0.5:
            raise SolveError("a run is not settled; take a later end")
        found.append(last > 0)
    return np.concatenate(found)


def drawn(place: Place, seed: int) -> SphereDraws:
    """The starts of a cell."""
    return SphereDraws.of(place[3], STARTS, np.random.default_rng(seed))


def computed(place: Place, seed: int) -> dict[str, Any]:
    """Counts of both laws, how many starts they part, and P by either."""
    target, schedule, init = problem_of(place)
    starts = drawn(place, seed).states()
    large, exact = (collapsed(target, schedule, starts, dim) for dim in (np.inf, float(init.dim)))
    return named(place) | {
        "probability": collapse_probability(target, schedule, init, variance_law="large-dim", **PAPER).value,
        "in_its_dimension": collapse_probability(target, schedule, init, **PAPER).value,
        "large": int(large.sum()), "exact": int(exact.sum()), "apart": int(np.sum(large != exact)),
    }  # fmt: skip


def computed_of_own(place: Place, seed: int) -> dict[str, Any]:
    """Counts of the law at d and of two variances, of the first starts alone, and how many of these they part."""
    (weight, initial, duration, dim), (target, schedule, _) = place, problem_of(place)
    starts = drawn(place, seed)
    some = SphereDraws(starts.cosines[:OWN_STARTS], starts.log_rho[:OWN_STARTS], starts.sign[:OWN_STARTS])
    common = collapsed(target, schedule, some.states(), float(dim))
    own = collapsed_of_own_variances(some.statistics(target), 3.0, float(weight), initial, duration, dim)
    return named(place) | {"common": int(common.sum()), "own": int(own.sum()), "apart": int(np.sum(common != own))}


def named(place: Place) -> dict[str, Any]:
    """What tells a cell."""
    return dict(zip(NAMES, place, strict=True))


def rows(part: str = "cells") -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8")).get(part, [])) if STORE.exists() else []


def sphere_variance() -> str:
    """P of all laws, one row a cell; differences with their standard errors, the starts being the same."""
    head = [
        "w*",
        "T0",
        "t0",
        "d",
        "P, law of large d",
        "drawn",
        "P, law at d",
        "drawn",
        "difference",
        "of two variances",
    ]
    lines, own = [head, ["---"] * len(head)], {tuple(one[name] for name in NAMES): one for one in rows("own")}
    for cell in rows():
        place = tuple(cell[name] for name in NAMES)
        two = _gap(own[place], "own", "common", OWN_STARTS) if place in own else ""
        shares = [f"{cell[name] / STARTS:.4f}" for name in ("large", "exact")]
        large, exact = (f"{cell[name]:.4f}" for name in ("probability", "in_its_dimension"))
        numbers = [large, shares[0], exact, shares[1], _gap(cell, "exact", "large", STARTS), two]
        lines.append([*map(str, place), *numbers])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _gap(cell: dict[str, Any], later: str, earlier: str, count: int) -> str:
    """A difference of shares; each of the starts that the laws part adds or takes one."""
    error = np.sqrt(max(cell["apart"], 1)) / count
    return f"{(cell[later] - cell[earlier]) / count:+.4f} ± {error:.4f}"


def main() -> None:
    """Count what is not stored."""
    places: list[Place] = [(*setting, dim) for setting in SETTINGS for dim in DIMS]
    cells = {place: (place, seed) for seed, place in enumerate(places)}
    fill_rows(
        cells, lambda cell: computed(*cell), row_file(STORE, NAMES), what="variances on the sphere", keeper="file"
    )
    few = {place: cell for place, cell in cells.items() if place[3] in OWN_DIMS}
    kept = row_file(STORE, NAMES, "own")
    fill_rows(few, lambda cell: computed_of_own(*cell), kept, what="two variances", keeper="file")
    print(sphere_variance())


if __name__ == "__main__":
    in_words(main)
