"""`anneal-theory probability`: the probability of mode collapse."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    INIT,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    InitOptions,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    whole,
)
from anneal_theory.cli.output import busy, describe, emit

METHODS = ("exact", "large-dim", "simulated")


def probability(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    init: InitOptions = INIT,
    dynamics: DynamicsOptions = DYNAMICS,
    method: Annotated[str, Parameter(choices=METHODS, help="route to the number (theory section 5)")] = "exact",
    relative_error: Annotated[str | None, letter("relative_error", "1e-4 unless given")] = None,
    replicas: Annotated[str | None, letter("replicas", "for --method simulated")] = None,
    seed: Annotated[str | None, letter("seed", "for random methods")] = None,
    output: OutputOptions = OUTPUT,
) -> None:
    """Probability that training from a random start ends in mode collapse."""
    from anneal_theory.exact import exact

    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": init.build()}
    options: dict[str, Any] = {"method": method}
    if relative_error is not None:
        options["relative_error"] = float(exact(relative_error, "relative_error"))
    options |= {
        name: whole(value, name) for name, value in (("replicas", replicas), ("seed", seed)) if value is not None
    }
    with busy(f"collapse probability, {method}"):
        from anneal_theory.probability import collapse_probability

        found = collapse_probability(**problem, **dynamics.keywords, **options)
    settings = problem | {"dynamics": dynamics.build()} | options
    emit(output, "probability", settings, found.to_dict(), describe(found, "P(collapse)", settings))
