"""`anneal-theory probability`: the probability of mode collapse."""

import os
from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.interruption import ENDING
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
    require_distinct,
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
    yes: Annotated[
        bool,
        Parameter(
            negative="",
            help="accept digits of large-dim that take over an hour, and more than 300 digits of slow-annealing",
        ),
    ] = False,
    checkpoint: Annotated[
        str | None, Parameter(help="keep what was computed for digits of large-dim, and go on from it", metavar="FILE")
    ] = None,
    processes: Annotated[
        str | None, Parameter(help="how many processes compute digits of large-dim; 1 unless given", metavar="NUMBER")
    ] = None,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """Probability that training from a random start ends in mode collapse."""
    require_distinct(out=output.out, checkpoint=checkpoint)
    setting = target.build(), schedule.build(), init.build()
    problem: dict[str, Any] = dict(zip(("target", "schedule", "init"), setting, strict=True))
    many = method == "large-dim" and precision.chosen and not precision.certified
    if not many:
        _refuse("left out except with --method large-dim --digits", checkpoint=checkpoint, processes=processes)
        if method != "slow-annealing" or not precision.chosen:
            _refuse("left out except for digits of large-dim and slow-annealing", yes=yes or None)
    if method != "leading-order":
        _refuse(f"left out for --method {method}, which averages over starts", s0=s0)
    if method == "leading-order":
        slow_probability(*setting, s0 or "0", dynamics, precision, output)
    elif method == "slow-annealing":
        formula_probability(*setting, dynamics, precision, output, yes)
    elif many:
        _refuse("left out with --digits", relative_error=relative_error, replicas=replicas, seed=seed)
        work = {"accept_cost": yes, "checkpoint": checkpoint, "processes": whole(processes or "1", "processes")}
        _large_dim(problem, dynamics, precision.keywords["digits"], work, output)
    else:
        refuse_digits(precision, "probability")
        numbers = {"replicas": replicas, "seed": seed}
        options: dict[str, Any] = {name: whole(text, name) for name, text in numbers.items() if text is not None}
        _in_doubles(problem, dynamics, {"method": method} | _error(relative_error) | options, output)


def _refuse(what: str, **given: Any) -> None:
    from anneal_theory.errors import DomainError

    for name, value in given.items():
        if value is not None:
            raise DomainError.of(name, what, value, "leave it out")


def _error(text: str | None) -> dict[str, Any]:
    from anneal_theory.exact import exact

    return {} if text is None else {"relative_error": float(exact(text, "relative_error"))}


def _in_doubles(
    problem: dict[str, Any], dynamics: DynamicsOptions, options: dict[str, Any], output: OutputOptions
) -> None:
    with busy(f"collapse probability, {options['method']}"):
        from anneal_theory.probability import collapse_probability

        found = collapse_probability(**problem, **dynamics.keywords, **options)
    settings = problem | {"dynamics": dynamics.build()} | options
    emit(output, "probability", settings, found.to_dict(), describe(found, "P(collapse)", settings))


def _go_on(checkpoint: str | None) -> str:
    if checkpoint is None:
        return "nothing is kept without --checkpoint FILE"
    return f"the same command goes on from {checkpoint}" if os.path.exists(checkpoint) else "nothing was computed yet"


def _large_dim(
    problem: dict[str, Any], dynamics: DynamicsOptions, digits: int, work: dict[str, Any], output: OutputOptions
) -> None:
    """P of the limit of large dimension with its digits; the cost and a bar go to the standard error."""
    from anneal_theory.probability import collapse_probability

    ENDING.go_on = lambda: _go_on(work["checkpoint"])
    found = collapse_probability(
        **problem, **dynamics.keywords, method="large-dim", digits=digits, progress=True, **work
    )
    names = {"value": "P(collapse)", "log_value": "log P", "log_complement": "log(1 - P)"}
    parts = {key: (name, getattr(found, key)) for key, name in names.items()}
    settings = problem | {"dynamics": dynamics.build(), "method": "large-dim", "digits": digits}
    notes = [f"the rule and its thresholds leave an error of about {float(found.error):.2g}"]
    emit_digits(output, "probability", settings, parts, digits, notes=notes, result=found.to_dict())
