"""`anneal-theory threshold`: the separatrix rho_c."""

from typing import Any

from anneal_theory.cli.options import (
    DYNAMICS,
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    Options,
    OutputOptions,
    PrecisionOptions,
    ScheduleOptions,
    TargetOptions,
    headed,
)
from anneal_theory.cli.output import busy, show
from anneal_theory.quantities import QUANTITIES

_OPTIONS = {"s0": "0", "distance": None, "distance_squared": None, "method": "exact", "allow_slow": False}
_QUANTITIES = QUANTITIES | {"distance": QUANTITIES["distance0"], "method": QUANTITIES["threshold_method"]}
_NOTES = {
    "distance_squared": "2 unless a distance is given",
    "allow_slow": "more than 150 digits (300 of slow-annealing) take long",
}


@headed("Threshold", 4, _OPTIONS, _QUANTITIES, _NOTES)
class ThresholdOptions(Options):
    """The start, and the route to the threshold."""


THRESHOLD = ThresholdOptions()


def threshold(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    dynamics: DynamicsOptions = DYNAMICS,
    how: ThresholdOptions = THRESHOLD,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Cotangent of the angle to the target's axis below which a pair of means collapses."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    given = how.keywords | precision.keywords
    if given["method"] == "exact" and "distance" not in given:
        given = {"distance_squared": "2"} | given
    with busy(f"collapse threshold, {given['method']}"):
        from anneal_theory.threshold import collapse_threshold

        found = collapse_threshold(**problem, **dynamics.keywords, **given)
    show(output, "threshold", "rho_c", found, problem | {"dynamics": dynamics.build()} | given)
