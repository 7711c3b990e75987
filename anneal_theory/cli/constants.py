"""`anneal-theory constants`: the constants of a target, as doubles or to any number of digits."""

from typing import TYPE_CHECKING, Annotated, Any

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
from anneal_theory.cli.output import busy, emit, spell_number

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget
    from anneal_theory.schedules import Schedule

# Name in JSON, and how it is written in the text.
_SPELLED = {
    "overlap": "s*",
    "escape_rate": "kappa*",
    "central_rate": "kappa_0",
    "central_label": "psi(0)",
    "critical_temperature": "T_c",
    "critical_separation": "R_c",
    "transient_gain": "C(s0)",
    "hot_separation": "D",
    "hot_clock": "tau_hot",
    "log_threshold": "log rho_c",
    "threshold": "rho_c",
    "probability": "P",
    "log_probability": "log P",
    "log_complement": "log(1 - P)",
}
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
    from anneal_theory.errors import DomainError

    density, how = target.build(), precision.keywords
    heats = (schedule.temperature or "1").replace(",", " ").split()
    plan = None
    if not schedule.but(temperature=None).is_default:
        plan = (schedule if schedule.schedule == "constant" else schedule.but(temperature=None)).build()
    if plan is not None and not dynamics.build().equal_weights:
        raise DomainError.of("family_weight", "0.5 for constants", dynamics.family_weight, "leave it out")
    with busy("constants"):
        from anneal_theory.fixed_points.constants import target_constants

        found = target_constants(density, s0, [] if heats == ["1"] else heats, **how)
        slow = _of_schedule(density, plan, s0, whole(dim, "dim"), dynamics, how) if plan is not None else {}
        points = [] if precision.chosen else _attractors(density, heats[0])
    digits = how.get("digits")
    lines = [f"{_spelled(name)} = {spell_number(value, digits)}" for name, value in found.items()]
    lines += [_LEADING_ORDER] if slow else []
    lines += [f"  {_spelled(name)} = {spell_number(value, digits)}" for name, value in slow.items()]
    lines += _attractor_lines(points, heats[0])
    settings = {"target": density, "temperature": ",".join(heats), "s0": s0} | how
    settings |= {} if plan is None else {"schedule": plan, "dim": dim, "dynamics": dynamics.build()}
    result: dict[str, Any] = found | slow
    if not precision.chosen:
        result["attractors"] = [vars(point) for point in points]
    emit(output, "constants", settings, result, "\n".join([*lines, f"  target: {density}"]))


def _of_schedule(
    density: "BimodalTarget", plan: "Schedule", s0: str, dim: int, dynamics: DynamicsOptions, how: dict[str, Any]
) -> dict[str, Any]:
    from anneal_theory.probability.slow.leading_order import probability_at
    from anneal_theory.threshold.slow.leading_order import leading_threshold

    rules: dict[str, Any] = {"objective": dynamics.objective, "metric": dynamics.metric} | how
    edge = leading_threshold(density, plan, s0, **rules)
    chance = probability_at(density, plan, dim, s0, **rules)
    return {
        "hot_clock": edge.hot_clock,
        "log_threshold": edge.log_rho,
        "threshold": edge.rho,
        "probability": chance.value,
        "log_probability": chance.log_value,
        "log_complement": chance.log_complement,
    }


def _spelled(name: str) -> str:
    """A constant's name in the text: hot_separation(10) is D(10)."""
    letter_of, *argument = name.partition("(")
    return _SPELLED[letter_of] + "".join(argument)


def _attractors(density: "BimodalTarget", heat: str) -> list[Any]:
    from anneal_theory.exact import exact
    from anneal_theory.fixed_points import attractors

    return list(attractors(density, temperature=float(exact(heat, "temperature"))))


def _attractor_lines(points: list[Any], heat: str) -> list[str]:
    lines = [f"attractors at T = {heat}:"] if points else []
    for point in points:
        kind = "collapsed" if point.collapsed else "split"
        lines.append(f"  m1 = {point.m1:.9g}, m2 = {point.m2:.9g}, KL = {point.loss:.9g} ({kind})")
    return lines
