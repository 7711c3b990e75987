"""`anneal-theory probability`: the probability of mode collapse."""

from contextlib import nullcontext
from typing import Any

from anneal_theory.cli.interruption import ENDING, going_on
from anneal_theory.cli.intervals import interval_text, usual_interval
from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, headed
from anneal_theory.cli.options import (
    INIT,
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    InitGroup,
    OutputGroup,
    PrecisionGroup,
    TargetGroup,
)
from anneal_theory.cli.output import busy, show_estimate
from anneal_theory.cli.refusals import require_distinct
from anneal_theory.cli.schedule_options import ScheduleGroup
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
class ProbabilityGroup(OptionGroup):
    """The route to the probability (theory section 5)."""


PROBABILITY = ProbabilityGroup()


def probability(
    *, target: TargetGroup = TARGET, schedule: ScheduleGroup = SCHEDULE, init: InitGroup = INIT,
    dynamics: ModelGroup = MODEL, how: ProbabilityGroup = PROBABILITY, precision: PrecisionGroup = PRECISION,
    output: OutputGroup = OUTPUT,
) -> None:  # fmt: skip
    """Probability that training from a random start ends in mode collapse."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": dynamics.law(init)}
    keywords = how.keywords | precision.keywords
    checkpoint = keywords.get("checkpoint")
    require_distinct(out=output.out, checkpoint=checkpoint)
    work: dict[str, Any] = {}
    method = keywords["method"]
    if "digits" in keywords and method in ("exact", "large-dim"):
        if method == "exact" or not dynamics.on_sphere:
            ENDING.go_on = lambda: going_on(checkpoint)
        work["progress"] = True  # the cost and a bar go to the standard error
    with nullcontext() if work else busy(f"collapse probability, {method}"):
        from anneal_theory.probability import RUNS, collapse_probability

        estimate = collapse_probability(**problem, **dynamics.arguments, **keywords, **work)
    settings = problem | {"dynamics": dynamics.build()} | keywords
    if method == "simulated":
        runs = keywords.get("replicas") or RUNS
        usual = usual_interval(round(estimate.value * runs), runs)
        line = f"exact 95 % interval: {interval_text(usual)}"
        show_estimate(output, "probability", "P(collapse)", estimate, settings, {"interval_95": usual}, [line])
    else:
        show_estimate(output, "probability", "P(collapse)", estimate, settings)
