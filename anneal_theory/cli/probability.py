"""`anneal-theory probability`: the probability of mode collapse."""

from contextlib import nullcontext
from typing import Any

from anneal_theory.cli.interruption import ENDING, going_on
from anneal_theory.cli.intervals import told, usual_interval
from anneal_theory.cli.models import MODEL, ModelOptions
from anneal_theory.cli.option_fields import Options, headed
from anneal_theory.cli.options import (
    INIT,
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    InitOptions,
    OutputOptions,
    PrecisionOptions,
    TargetOptions,
)
from anneal_theory.cli.output import busy, show
from anneal_theory.cli.refusals import require_distinct
from anneal_theory.cli.schedule_options import ScheduleOptions
from anneal_theory.quantities import QUANTITIES

_OPTIONS = {
    "method": "exact",
    "relative_error": None,
    "replicas": None,
    "seed": None,
    "s0": None,
    "variance_law": None,
    "allow_slow": False,
}
_NOTES = {
    "relative_error": "1e-4 unless given",
    "replicas": "for --method simulated",
    "seed": "for random methods",
    "s0": "for --method leading-order, 0 unless given",
    "variance_law": "with --constraint sphere, exact unless given",
    "allow_slow": "hours for digits of exact and large-dim, else minutes",
    "checkpoint": "for digits of exact, and of large-dim of free means",
    "processes": "for digits of exact, and of large-dim of free means; 1 unless given",
}


@headed(
    "Probability", 4, _OPTIONS | {"checkpoint": None, "processes": None},
    QUANTITIES | {"method": QUANTITIES["probability_method"]}, _NOTES,
)  # fmt: skip
class ProbabilityOptions(Options):
    """The route to the probability (theory section 5)."""


PROBABILITY = ProbabilityOptions()


def probability(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    init: InitOptions = INIT,
    dynamics: ModelOptions = MODEL,
    how: ProbabilityOptions = PROBABILITY,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Probability that training from a random start ends in mode collapse."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": dynamics.law(init)}
    given = how.keywords | precision.keywords
    checkpoint = given.get("checkpoint")
    require_distinct(out=output.out, checkpoint=checkpoint)
    work: dict[str, Any] = {}
    method = given["method"]
    if "digits" in given and method in ("exact", "large-dim"):
        if method == "exact" or not dynamics.on_sphere:
            ENDING.go_on = lambda: going_on(checkpoint)
        work["progress"] = True  # the cost and a bar go to the standard error
    with nullcontext() if work else busy(f"collapse probability, {method}"):
        from anneal_theory.probability import RUNS, collapse_probability

        found = collapse_probability(**problem, **dynamics.arguments, **given, **work)
    settings = problem | {"dynamics": dynamics.build()} | given
    if method == "simulated":
        runs = given.get("replicas") or RUNS
        usual = usual_interval(round(found.value * runs), runs)
        line = f"exact 95 % interval: {told(usual)}"
        show(output, "probability", "P(collapse)", found, settings, {"interval_95": usual}, [line])
    else:
        show(output, "probability", "P(collapse)", found, settings)
