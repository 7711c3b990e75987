"""`anneal-theory probability`: the probability of mode collapse."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    INIT,
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    InitOptions,
    OutputOptions,
    PrecisionOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    whole,
)
from anneal_theory.cli.output import busy, describe, emit
from anneal_theory.cli.slow import formula_probability, refuse_digits, slow_probability

METHODS = ("exact", "large-dim", "slow-annealing", "simulated", "leading-order")


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
    s0: Annotated[str | None, letter("s0", "for --method leading-order, 0 unless given")] = None,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Probability that training from a random start ends in mode collapse."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": init.build()}
    if method == "leading-order":
        slow_probability(
            problem["target"], problem["schedule"], problem["init"].dim, s0 or "0", dynamics, precision, output
        )
        return
    if s0 is not None:
        raise DomainError.of("s0", f"left out for --method {method}", s0, "that method averages over starts")
    if method == "slow-annealing":
        formula_probability(problem["target"], problem["schedule"], problem["init"], dynamics, precision, output)
        return
    refuse_digits(precision, "probability")
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
