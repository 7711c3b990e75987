"""`anneal-theory threshold`: the separatrix rho_c."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
)
from anneal_theory.cli.output import busy, describe, emit


def threshold(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    s0: Annotated[str, letter("s0")] = "0",
    distance: Annotated[str | None, letter("distance0")] = None,
    distance_squared: Annotated[
        str | None, Parameter(help="squared distance of the two means at the start; 2 unless a distance is given")
    ] = None,
    dynamics: DynamicsOptions = DYNAMICS,
    output: OutputOptions = OUTPUT,
) -> None:
    """Cotangent of the angle to the target's axis below which a pair of means collapses."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    if distance is None and distance_squared is None:
        distance_squared = "2"
    start: dict[str, Any] = {"s0": s0, "distance": distance, "distance_squared": distance_squared}
    with busy("collapse threshold"):
        from anneal_theory.separatrix import collapse_threshold

        found = collapse_threshold(**problem, **start, **dynamics.keywords)
    given = {name: value for name, value in start.items() if value is not None}
    settings = problem | {"dynamics": dynamics.build()} | given
    emit(output, "threshold", settings, found.to_dict(), describe(found, "rho_c", settings))
