"""`anneal-theory constants`: the constants of a target, as doubles or to any number of digits."""

from typing import Annotated, Any

from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import letter, typed_integer
from anneal_theory.cli.options import (
    OUTPUT,
    PRECISION,
    SCHEDULE,
    TARGET,
    OutputGroup,
    PrecisionGroup,
    TargetGroup,
)
from anneal_theory.cli.output import LETTERS, busy, emit, spell_number
from anneal_theory.cli.refusals import require_left_out
from anneal_theory.cli.schedule_options import ScheduleGroup

_LEADING_ORDER = "slow annealing to leading order (A = 1), at s0:"


def constants(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    s0: Annotated[str, letter("s0", "for C(s0)")] = "0",
    dim: Annotated[str, letter("dim", "for P, with a schedule; on the sphere for KL")] = "128",
    dynamics: ModelGroup = MODEL,
    precision: PrecisionGroup = PRECISION,
    output: OutputGroup = OUTPUT,
) -> None:
    """The constants of a target: collapsed state, critical values, transient gain, attractors.

    --temperature (comma-separated) gives the hot separations D there, and the attractors at the first. With a schedule,
    also the clock spent above T_c, and the threshold and the collapse probability at s0 to leading order of slow
    annealing. A constant that does not exist is replaced by the reason.

    With --constraint sphere: how fast a nearly antipodal pair across the axis changes at --temperature, and the
    attractors there; where the variance goes after the temperature also T_a, below which m1 + m2 of such a pair grows,
    and alpha, to which R^2/T_a tends for large R. All but the attractors are of equal family weights.
    """
    density, how = target.build(), precision.keywords
    if dynamics.on_sphere:
        from anneal_theory.problem import SphereInit

        where = "of constants with --constraint sphere"
        require_left_out(where, "they do not use it", s0=s0 if s0 != "0" else None)
        _show_sphere(density, schedule, SphereInit(typed_integer(dim, "dim")), dynamics.build(), how, output)
        return
    dynamics.build()  # refuses what has no meaning
    temperatures = (schedule.temperature or "1").replace(",", " ").split()
    settings = {"target": density, "temperature": ",".join(temperatures), "s0": s0} | how
    slow: dict[str, Any] = {}
    with busy("constants"):
        from anneal_theory.fixed_points.constants import target_constants

        values = target_constants(density, s0, [] if temperatures == ["1"] else temperatures, **how)
        if not schedule.but(temperature=None).is_default:
            plan = (schedule if schedule.schedule == "constant" else schedule.but(temperature=None)).build()
            slow = _leading_order(density, plan, s0, typed_integer(dim, "dim"), dynamics.arguments | how)
            settings |= {"schedule": plan, "dim": dim, "dynamics": dynamics.build()}
        points = [] if how else _attractors(density, temperatures[0])
    digits = how.get("digits")
    lines = [f"{_spelled(name)} = {spell_number(value, digits)}" for name, value in values.items()]
    lines += [_LEADING_ORDER] if slow else []
    lines += [f"  {_spelled(name)} = {spell_number(value, digits)}" for name, value in slow.items()]
    lines += [f"attractors at T = {temperatures[0]}:", *map(_attractor_line, points)] if points else []
    result = values | slow | ({} if how else {"attractors": [vars(point) for point in points]})
    emit(output, "constants", settings, result, "\n".join([*lines, f"  target: {density}"]))


def _show_sphere(
    density: Any, schedule: ScheduleGroup, init: Any, rules: Any, how: dict[str, Any], output: OutputGroup
) -> None:
    """The constants of the paper's setting."""
    from anneal_theory.errors import DomainError

    temperature = schedule.temperature or "1"
    if "," in temperature:
        raise DomainError.of("temperature", "one number with --constraint sphere", temperature, "ask for each in turn")
    if not schedule.but(temperature=None).is_default:
        where = "of constants, except with --constraint sphere"
        require_left_out(where, "threshold and probability take it", schedule=schedule.schedule)
    with busy("constants"):
        if not rules.equal_weights and how:
            rule, step = "0.5 for digits of these constants on the sphere", "leave --digits out, or the weight"
            raise DomainError.of("family_weight", rule, rules.family_weight, step)
        values = _sphere_constants(density, temperature, rules.variance, how) if rules.equal_weights else {}
        weight = rules.exact_family_weight
        model = {"constraint": "sphere", "variance": rules.variance, "family_weight": weight}
        points: Any = [] if how else _or_reason(_attractors, density, temperature, **model)
    lines = [f"{LETTERS[name]} = {spell_number(value, how.get('digits'))}" for name, value in values.items()]
    if not how:
        lines.append(f"attractors at T = {temperature}:")
        lines += [f"  {points}"] if isinstance(points, str) else [_attractor_line(point, init.dim) for point in points]
        attractors = [
            vars(point) | {"divergence": point.loss_in(init.dim)} for point in points if not isinstance(points, str)
        ]
        values["attractors"] = attractors or points
    settings = {"target": density, "temperature": temperature, "init": init, "dynamics": rules} | how
    setting_lines = [f"  {key}: {settings[key]}" for key in ("target", "init", "dynamics")]
    emit(output, "constants", settings, values, "\n".join(lines + setting_lines))


def _or_reason(function: Any, *arguments: Any, **options: Any) -> Any:
    """What a function finds, or in words why there is none."""
    from anneal_theory.errors import DomainError

    try:
        return function(*arguments, **options)
    except DomainError as reason:
        return str(reason)


def _sphere_constants(density: Any, temperature: str, rule: str, how: dict[str, Any]) -> dict[str, Any]:
    from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_temperature
    from anneal_theory.threshold.sphere.rates import sphere_growth_rates

    values: dict[str, Any] = {}
    if rule != "fixed":  # both are of v = T
        values["antipodal_alpha"] = antipodal_alpha(**how)
        if not how:  # a root that is known in doubles alone
            values["antipodal_temperature"] = _or_reason(antipodal_temperature, density)
    rates = sphere_growth_rates(density, temperature, "1" if rule == "fixed" else temperature, **how)
    cosine, total = (rates[name] if how else float(rates[name]) for name in ("cosine", "sum"))
    return values | {"growth_of_cosine": cosine, "growth_of_sum": total}


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


def _attractors(density: Any, temperature: str, **model: Any) -> list[Any]:
    from anneal_theory.exact import exact
    from anneal_theory.fixed_points import attractors

    return list(attractors(density, temperature=float(exact(temperature, "temperature")), **model))


def _attractor_line(point: Any, dim: int | None = None) -> str:
    kind, loss = "collapsed" if point.collapsed else "split", point.loss
    if dim is not None:
        kind, loss = f"s = {point.pair_overlap:.9g}, v = {point.variance:.9g}, {kind}", point.loss_in(dim)
    return f"  m1 = {point.m1:.9g}, m2 = {point.m2:.9g}, KL = {loss:.9g} ({kind})"
