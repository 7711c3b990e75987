"""The leading order of slow annealing for the commands `threshold` and `probability`, to any number of digits."""

from typing import TYPE_CHECKING, Any

from anneal_theory.cli.options import DynamicsOptions, OutputOptions, PrecisionOptions
from anneal_theory.cli.output import busy, emit, plain_number, spell_number
from anneal_theory.errors import DomainError

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget
    from anneal_theory.schedules import Schedule

_LABEL = "slow annealing to leading order, A = 1"


def refuse_digits(precision: PrecisionOptions, command: str) -> None:
    """Digits are offered for the leading order only.

    Raises:
        DomainError: digits or proofs are asked for of another method.
    """
    if precision.chosen:
        raise DomainError(
            f"the {command} of this method is computed in doubles: integrating the flow to more digits is not offered "
            "yet; use --method leading-order for --digits and --certified, or leave them out"
        )


def slow_threshold(
    target: "BimodalTarget",
    schedule: "Schedule",
    s0: str,
    dynamics: DynamicsOptions,
    precision: PrecisionOptions,
    output: OutputOptions,
) -> None:
    """rho_c to leading order, with what it is made of."""
    rules = _rules(dynamics, precision)
    with busy("threshold to leading order"):
        from anneal_theory.separatrix.leading_order import leading_threshold

        found = vars(leading_threshold(target, schedule, s0, **rules))
    digits = rules.get("digits")
    names = ("rho_c", "log rho_c", "tau_hot", "T_c", "kappa*", "C(s0)")
    lines = [f"{name} = {spell_number(found[key], digits)}" for name, key in zip(names, found, strict=True)]
    settings = {"target": target, "schedule": schedule, "dynamics": dynamics.build(), "s0": s0}
    settings |= {"method": _LABEL} | precision.keywords
    result = {key: plain_number(value, digits) for key, value in found.items()}
    emit(output, "threshold", settings, result, _text(lines, settings))


def slow_probability(
    target: "BimodalTarget",
    schedule: "Schedule",
    dim: int,
    s0: str,
    dynamics: DynamicsOptions,
    precision: PrecisionOptions,
    output: OutputOptions,
) -> None:
    """P at s0 to leading order, with both logarithms."""
    rules = _rules(dynamics, precision)
    with busy("probability to leading order"):
        from anneal_theory.probability.leading_chance import probability_at

        found = vars(probability_at(target, schedule, dim, s0, **rules))
    digits = rules.get("digits")
    names = ("P(collapse)", "log P", "log(1 - P)")
    lines = [f"{name} = {spell_number(found[key], digits)}" for name, key in zip(names, found, strict=True)]
    settings = {"target": target, "schedule": schedule, "dim": dim, "dynamics": dynamics.build(), "s0": s0}
    settings |= {"method": _LABEL} | precision.keywords
    result = {key: plain_number(value, digits) for key, value in found.items()}
    emit(output, "probability", settings, result, _text(lines, settings))


def _rules(dynamics: DynamicsOptions, precision: PrecisionOptions) -> dict[str, Any]:
    if not dynamics.build().equal_weights:
        step = "leave it out: T_c is that of equal family weights"
        raise DomainError.of("family_weight", "0.5 for the leading order", dynamics.family_weight, step)
    return {"objective": dynamics.objective, "metric": dynamics.metric} | precision.keywords


def _text(lines: list[str], settings: dict[str, Any]) -> str:
    return "\n".join([*lines, *(f"  {key}: {value}" for key, value in settings.items())])
