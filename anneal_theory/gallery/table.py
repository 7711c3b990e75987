"""The table of figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TARGET = "separation", "weight"


@dataclass(frozen=True)
class Entry:
    """One figure."""

    summary: str  # what it shows, and of which model, in one line
    takes: tuple[str, ...]  # the arguments of `FigureSetting` that it depends on; others are refused
    most_temperatures: int = 7  # how many initial temperatures it can show
    most_times: int = 7  # how many decay times or durations it can show
    moving: bool = False  # whether it can be a moving picture (GIF) as well


FIGURES: Mapping[str, Entry] = MappingProxyType(
    {
        "thresholds": Entry(
            "threshold rho_c (x_c on the sphere) against the annealing time, a line for each T0; exact",
            (*_TARGET, "constraint", "initial_temperatures", "decay_times", "durations"),
            most_times=100,
        ),
        "probability": Entry(
            "probability of collapse against T0, a line for each t0; free means beside means on the sphere",
            (*_TARGET, "dim", "initial_temperatures", "decay_times", "durations"),
            most_temperatures=100,
        ),
        "times": Entry(
            "probability of collapse against t0, a line for each T0; free means beside means on the sphere",
            (*_TARGET, "dim", "initial_temperatures", "decay_times", "durations"), most_times=100,
        ),
        "dims": Entry(
            "probability of collapse against d, a line for each t0; free means beside means on the sphere",
            (*_TARGET, "initial_temperatures", "decay_times", "durations"), most_temperatures=1, most_times=6,
        ),
        "rates": Entry(
            "probability of collapse against the rate of cooling kappa = log(T0)/t0, a line for each T0; the sphere",
            (*_TARGET, "dim", "initial_temperatures"),
        ),
        "critical": Entry(
            "T_c and R_c with the cusp (free means), and T_a = R^2/alpha of the sphere, against R", ("weight",)
        ),
        "plane": Entry(
            "runs over the loss in the plane of both overlaps, with separatrix and attractors; either model",
            (*_TARGET, "dim", "constraint", "initial_temperatures", "decay_times", "durations"), most_temperatures=1,
            most_times=1,
        ),
        "landscape": Entry(
            "the loss over both overlaps at several temperatures, with its attractors; either model",
            (*_TARGET, "constraint", "initial_temperatures"), most_temperatures=6,
        ),
        "cost": Entry(
            "decay time for a given probability against R, exact and by formulas; free means (half a minute)",
            ("weight", "dim"),
        ),
        "cost-law": Entry(
            "cost of a rare collapse by family of schedule: designed, and the law; free means (half a minute)",
            (*_TARGET, "dim"),
        ),
        "cells": Entry(
            "the authors' counts beside the theories of their setting, means on the sphere (stored with the package)",
            ("initial_temperatures",), most_temperatures=6,
        ),
        "flows": Entry(
            "RealNVP flows beside the theory of mixtures, and beside the authors' counts (stored with the package)", ()
        ),
        "density": Entry(
            "the density of the pair over its target along a run, without and with annealing; either model (GIF too)",
            (*_TARGET, "dim", "constraint", "initial_temperatures", "decay_times", "durations"), most_temperatures=1,
            most_times=1, moving=True,
        ),
    }
)  # fmt: skip
"""What `draw_figure` draws, by name; each is computed by the module of that name in this folder."""
