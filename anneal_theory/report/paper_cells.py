"""The authors' counts of collapsed runs beside the theories of their setting: what is stored with the package.

The study is `docs/studies/paper_cells.py` of a source checkout.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory.compare.binomial import interval

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory._types import FloatArray
    from anneal_theory.plots import Counted

STORE = Path(__file__).with_name("paper_cells.json")
SEPARATION, WEIGHT, DIM, STEP = "3", "0.8", 512, 0.05
CONFIDENCE = 0.95
ROUTES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "trained": {"variance": "trained", "objective": "free-energy", "relative_error": 1e-4},
        "follows-temperature": {
            "variance": "follows-temperature", "objective": "free-energy", "relative_error": 1e-4,
        },
        "sharp": {"variance": "trained", "objective": "free-energy", "method": "sharp"},
        "closed-form": {"variance": "follows-temperature", "objective": "free-energy", "method": "closed-form"},
    }
)  # fmt: skip
"""Keywords of `collapse_probability` by the name under which its value is stored."""
TITLES = MappingProxyType(
    {
        "trained": "exact, variance trained",
        "follows-temperature": "exact, v = T",
        "sharp": "sharp formula",
        "closed-form": "the paper's formula",
    }
)


@cache
def stored() -> dict[str, Any]:
    """The counted cells, and the curves of the figures, with the probability of each route.

    Example:
        >>> sorted(stored()), len(stored()["cells"])
        (['cells', 'curves'], 32)
    """
    cells: dict[str, Any] = json.loads(STORE.read_text("utf-8"))
    return cells


def interval_of(cell: Mapping[str, Any]) -> tuple[float, float]:
    """The exact binomial interval of a cell's count, at `CONFIDENCE`."""
    return interval(cell["collapsed"], cell["runs"], CONFIDENCE)


def chi_square(cells: Iterable[Mapping[str, Any]], route: str) -> float:
    """Of the counts, for probabilities that are right."""
    terms = [
        (one["collapsed"] - one["runs"] * one[route]) ** 2 / (one["runs"] * one[route] * (1 - one[route]))
        for one in cells
    ]
    return float(sum(terms))


def chi_squares(cells: Iterable[Mapping[str, object]]) -> dict[str, float]:
    """The same for every route."""
    kept = list(cells)
    return {route: chi_square(kept, route) for route in ROUTES}


@own_floating()
def figures() -> dict[float, "Figure"]:
    """Counts with their intervals and the theories against the duration, a figure for each initial temperature."""
    from anneal_theory import plots

    temperatures = sorted({one["initial_temperature"] for one in stored()["cells"]}, reverse=True)
    return {
        temperature: plots.counts_figure(*drawn_at(temperature), f"$T_0 = {temperature:g}$")
        for temperature in temperatures
    }


def drawn_at(temperature: float) -> "tuple[FloatArray, dict[str, FloatArray], Counted]":
    """What is drawn for one initial temperature: durations, the probability of each theory at them, and the counts."""
    from anneal_theory import plots

    cells = [cell for cell in stored()["cells"] if cell["initial_temperature"] == temperature]
    curve = [point for point in stored()["curves"] if point["initial_temperature"] == temperature]
    counted = plots.Counted(
        np.array([STEP * cell["annealing_steps"] for cell in cells]),
        np.array([cell["collapsed"] / cell["runs"] for cell in cells]),
        np.array([interval_of(cell) for cell in cells]),
    )
    times = np.array([point["duration"] for point in curve])
    return times, {title: np.array([point[route] for point in curve]) for route, title in TITLES.items()}, counted
