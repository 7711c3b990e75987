"""`anneal-theory constants`: the constants of a target, as doubles or to any number of digits."""

from typing import Annotated, Any

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
    whole,
)
from anneal_theory.cli.output import LETTERS, busy, emit, spell_number

_LEADING_ORDER = "slow annealing to leading order (A = 1), at s0:"


def constants(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    s0: Annotated[str, letter("s0", "for C(s0)")] = "0",
    dim: Annotated[str, letter("dim", "for P, with a schedule")] = "128",
    dynamics: DynamicsOptions = DYNAMICS,
    precision: PrecisionOptions = PRECISION,
    output: OutputOptions = OUTPUT,
) -> None:
    """The constants of a target: collapsed state, critical values, transient gain, attractors.

    --temperature (comma-separated) gives the hot separations D there, and the attractors at the first. With a schedule,
    also the clock spent above T_c, and the threshold and the collapse probability at s0 to leading order of slow
    annealing. A constant that does not exist is replaced by the reason.
    """
    density, how = target.build(), precision.keywords
    temperatures = (schedule.temperature or "1").replace(",", " ").split()
    settings = {"target": density, "temperature": ",".join(temperatures), "s0": s0} | how
    slow: dict[str, Any] = {}
    with busy("constants"):
        from anneal_theory.fixed_points.constants import target_constants

        found = target_constants(density, s0, [] if temperatures == ["1"] else temperatures, **how)
        if not schedule.but(temperature=None).is_default:
            plan = (schedule if schedule.schedule == "constant" else schedule.but(temperature=None)).build()
            slow = _leading_order(density, plan, s0, whole(dim, "dim"), dynamics.keywords | how)
            settings |= {"schedule": plan, "dim": dim, "dynamics": dynamics.build()}
        points = [] if how else _attractors(density, temperatures[0])
    digits = how.get("digits")
    lines = [f"{_spelled(name)} = {spell_number(value, digits)}" for name, value in found.items()]
    lines += [_LEADING_ORDER] if slow else []
    lines += [f"  {_spelled(name)} = {spell_number(value, digits)}" for name, value in slow.items()]
    lines += [f"attractors at T = {temperatures[0]}:", *map(_attractor_line, points)] if points else []
    result = found | slow | ({} if how else {"attractors": [vars(point) for point in points]})
    emit(output, "constants", settings, result, "\n".join([*lines, f"  target: {density}"]))


def _leading_order(density: Any, plan: Any, s0: str, dim: int, how: dict[str, Any]) -> dict[str, Any]:
    from anneal_theory.probability import collapse_probability
    from anneal_theory.problem import GaussianInit
    from anneal_theory.threshold import collapse_threshold

    edge = collapse_threshold(density, plan, s0=s0, method="leading-order", **how)
    chance = collapse_probability(density, plan, GaussianInit(dim), s0=s0, method="leading-order", **how)
    return {
        "hot_clock": edge.parts["hot_clock"],
        "log_threshold": edge.log_value,
        "threshold": edge.value,
        "probability": chance.value,
        "log_probability": chance.log_value,
        "log_complement": chance.log_complement,
    }


def _spelled(name: str) -> str:
    """A constant's name in the text: hot_separation(10) is D(10)."""
    letter_of, *argument = name.partition("(")
    return LETTERS[letter_of] + "".join(argument)


def _attractors(density: Any, temperature: str) -> list[Any]:
    from anneal_theory.exact import exact
    from anneal_theory.fixed_points import attractors

    return list(attractors(density, temperature=float(exact(temperature, "temperature"))))


def _attractor_line(point: Any) -> str:
    kind = "collapsed" if point.collapsed else "split"
    return f"  m1 = {point.m1:.9g}, m2 = {point.m2:.9g}, KL = {point.loss:.9g} ({kind})"
