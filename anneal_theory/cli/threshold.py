"""`anneal-theory threshold`: the separatrix rho_c."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    OutputOptions,
    PrecisionOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
)
from anneal_theory.cli.output import busy, describe, emit, emit_digits
from anneal_theory.cli.slow import formula_threshold, refuse_digits, slow_threshold

METHODS = ("exact", "slow-annealing", "leading-order")


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
    method: Annotated[
        str, Parameter(choices=METHODS, help="the separatrix itself, the formula of slow annealing, or that with A = 1")
    ] = "exact",
    yes: Annotated[
        bool, Parameter(negative="", help="accept the time that more than 150 digits take (300 of slow-annealing)")
    ] = False,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Cotangent of the angle to the target's axis below which a pair of means collapses."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    if method != "exact":
        setting = problem["target"], problem["schedule"], s0, dynamics, precision, output
        if method == "slow-annealing":
            formula_threshold(*setting, yes)
        else:
            slow_threshold(*setting)
        return
    if precision.certified:
        refuse_digits(precision, "threshold")
    count = precision.keywords.get("digits")
    if distance is None and distance_squared is None:
        distance_squared = "2"
    start: dict[str, Any] = {"s0": s0, "distance": distance, "distance_squared": distance_squared}
    with busy("collapse threshold" + ("" if count is None else f", {count} digits")):
        from anneal_theory.threshold import collapse_threshold

        found = collapse_threshold(**problem, **start, **dynamics.keywords, digits=count, accept_cost=yes)
    given = {name: value for name, value in start.items() if value is not None}
    settings = problem | {"dynamics": dynamics.build()} | given
    if count is None or isinstance(found.value, float):
        emit(output, "threshold", settings, found.to_dict(), describe(found, "rho_c", settings))
        return
    parts = {"value": ("rho_c", found.value), "log_value": ("log rho_c", found.log_value)}
    notes = [f"one more pass at more precision and order moves it by {float(found.error):.2g}"]
    settings |= {"digits": count}
    emit_digits(output, "threshold", settings, parts, count, notes=notes, result=found.to_dict())
