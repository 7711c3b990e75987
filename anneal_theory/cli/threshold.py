"""`anneal-theory threshold`: the separatrix, rho_c of free means or x_c on the sphere."""

from contextlib import nullcontext
from typing import Any

from anneal_theory.cli.models import MODEL, ModelOptions
from anneal_theory.cli.option_fields import Options, headed
from anneal_theory.cli.options import (
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    OutputOptions,
    PrecisionOptions,
    TargetOptions,
)
from anneal_theory.cli.output import busy, show
from anneal_theory.cli.schedule_options import ScheduleOptions
from anneal_theory.quantities import QUANTITIES

_OPTIONS = {
    "s0": None, "distance": None, "distance_squared": None, "pair_overlap": None, "mean_cosine": None, "dim": None,
    "method": "exact", "allow_slow": False,
}  # fmt: skip
_QUANTITIES = QUANTITIES | {"distance": QUANTITIES["distance0"], "method": QUANTITIES["threshold_method"]}
_NOTES = {
    "s0": "0 unless given",
    "distance_squared": "2 unless a distance is given",
    "pair_overlap": "with --constraint sphere, 0 unless given",
    "mean_cosine": "with --constraint sphere, 0 unless given",
    "dim": "for trained variances, whose law in large dimension is taken without it",
    "allow_slow": "more than 150 digits (300 of slow-annealing, 100 on the sphere)",
}


@headed("Threshold", 4, _OPTIONS, _QUANTITIES, _NOTES)
class ThresholdOptions(Options):
    """The start, and the route to the threshold."""


THRESHOLD = ThresholdOptions()


def threshold(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    dynamics: ModelOptions = MODEL,
    how: ThresholdOptions = THRESHOLD,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """The alignment with the target's axis below which a pair of means collapses."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    given = how.keywords | precision.keywords
    if dynamics.on_sphere:
        given = ({"pair_overlap": "0", "mean_cosine": "0"} if given["method"] == "exact" else {}) | given
    else:
        given = {"s0": "0"} | given
        if given["method"] == "exact" and "distance" not in given:
            given = {"distance_squared": "2"} | given
    work: dict[str, Any] = (
        {"progress": True} if "digits" in given and given["method"] == "exact" else {}
    )  # to the standard error
    with nullcontext() if work else busy(f"collapse threshold, {given['method']}"):
        from anneal_theory.threshold import collapse_threshold

        found = collapse_threshold(**problem, **dynamics.arguments, **given, **work)
    name = "x_c" if dynamics.on_sphere else "rho_c"
    show(output, "threshold", name, found, problem | {"dynamics": dynamics.build()} | given)
