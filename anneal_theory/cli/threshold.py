"""`anneal-theory threshold`: the separatrix, rho_c of free means or x_c on the sphere."""

from contextlib import nullcontext
from typing import Any

from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, headed
from anneal_theory.cli.options import (
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    OutputGroup,
    PrecisionGroup,
    TargetGroup,
)
from anneal_theory.cli.output import busy, show_estimate
from anneal_theory.cli.schedule_options import ScheduleGroup
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
class ThresholdGroup(OptionGroup):
    """The start, and the route to the threshold."""


THRESHOLD = ThresholdGroup()


def threshold(
    *, target: TargetGroup = TARGET, schedule: ScheduleGroup = SCHEDULE, dynamics: ModelGroup = MODEL,
    how: ThresholdGroup = THRESHOLD, precision: PrecisionGroup = PRECISION, output: OutputGroup = OUTPUT,
) -> None:  # fmt: skip
    """The alignment with the target's axis below which a pair of means collapses."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    keywords = how.keywords | precision.keywords
    if dynamics.on_sphere:
        keywords = ({"pair_overlap": "0", "mean_cosine": "0"} if keywords["method"] == "exact" else {}) | keywords
    else:
        keywords = {"s0": "0"} | keywords
        if keywords["method"] == "exact" and "distance" not in keywords:
            keywords = {"distance_squared": "2"} | keywords
    work: dict[str, Any] = (
        {"progress": True} if "digits" in keywords and keywords["method"] == "exact" else {}
    )  # to the standard error
    with nullcontext() if work else busy(f"collapse threshold, {keywords['method']}"):
        from anneal_theory.threshold import collapse_threshold

        estimate = collapse_threshold(**problem, **dynamics.arguments, **keywords, **work)
    name = "x_c" if dynamics.on_sphere else "rho_c"
    show_estimate(output, "threshold", name, estimate, problem | {"dynamics": dynamics.build()} | keywords)
