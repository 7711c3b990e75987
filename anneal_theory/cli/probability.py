"""`anneal-theory probability`: the probability of mode collapse."""

import sys
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
from anneal_theory.cli.output import busy, describe, emit, emit_digits
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
    yes: Annotated[bool, Parameter(negative="", help="accept that digits of large-dim take over an hour")] = False,
    checkpoint: Annotated[
        str | None, Parameter(help="keeps what was found for digits of large-dim, to go on from", metavar="FILE")
    ] = None,
    processes: Annotated[
        str | None, Parameter(help="how many work at digits of large-dim; 1 unless given", metavar="NUMBER")
    ] = None,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Probability that training from a random start ends in mode collapse."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": init.build()}
    work: dict[str, Any] = {"accept_cost": yes} if yes else {}
    if checkpoint is not None:
        work["checkpoint"] = checkpoint
    if processes is not None:
        work["processes"] = whole(processes, "processes")
    if work and not (method == "large-dim" and precision.chosen):
        name, value = next(iter(work.items()))
        raise DomainError.of(name, "left out, but for --method large-dim --digits", value, "leave it out")
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
    if method == "large-dim" and precision.chosen and not precision.certified:
        _large_dim(problem, dynamics, precision.keywords["digits"], work, output)
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


def _large_dim(
    problem: dict[str, Any], dynamics: DynamicsOptions, digits: int, work: dict[str, Any], output: OutputOptions
) -> None:
    """P of the limit of large dimension with its digits; the cost and a bar go to the standard error."""
    from anneal_theory.probability import collapse_probability

    try:
        found = collapse_probability(
            **problem, **dynamics.keywords, method="large-dim", digits=digits, progress=True, **work
        )
    except KeyboardInterrupt:
        kept = work.get("checkpoint")
        told = "nothing is kept without --checkpoint FILE" if kept is None else f"the same command goes on from {kept}"
        print(f"anneal-theory: {told}", file=sys.stderr)
        raise
    names = {"value": "P(collapse)", "log_value": "log P", "log_complement": "log(1 - P)"}
    parts = {key: (name, getattr(found, key)) for key, name in names.items()}
    error = float(found.error)
    settings = problem | {"dynamics": dynamics.build(), "method": "large-dim", "digits": digits}
    notes = [f"the rule and its thresholds leave an error of about {error:.2g}"]
    emit_digits(output, "probability", settings, parts, digits, notes=notes, more={"error": error})
