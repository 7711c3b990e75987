"""The formulas of slow annealing for the commands `threshold` and `probability`, to any number of digits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from anneal_theory.cli.options import DynamicsOptions, OutputOptions, PrecisionOptions
from anneal_theory.cli.output import busy, emit_digits
from anneal_theory.errors import DomainError

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget, GaussianInit
    from anneal_theory.schedules import Schedule

_CHANCES = ("P(collapse)", "log P", "log(1 - P)")
_LABEL = "slow annealing to leading order, A = 1"
_LEFT_OUT = "digits of the formula to leading order: the prefactor A is left out, and the exact value may be far off"


def refuse_digits(precision: PrecisionOptions, command: str) -> None:
    """Digits of this kind are not offered for this method.

    Raises:
        DomainError: digits or proofs are asked for of another method.
    """
    if precision.chosen:
        other = "large-dim or slow-annealing" if command == "probability" else "slow-annealing"
        raise DomainError(
            f"the {command} of this method has no such digits: use --method leading-order for proven ones (or "
            f"{other}, for --digits alone), or leave --digits and --certified out"
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
        from anneal_theory.threshold.slow.leading_order import leading_threshold

        found = vars(leading_threshold(target, schedule, s0, **rules))
    names = ("rho_c", "log rho_c", "tau_hot", "T_c", "kappa*", "C(s0)")
    settings = {"target": target, "schedule": schedule, "dynamics": dynamics.build(), "s0": s0}
    settings |= {"method": _LABEL} | precision.keywords
    emit_digits(output, "threshold", settings, _named(names, found), rules.get("digits"), notes=[_LEFT_OUT])


def slow_probability(
    target: "BimodalTarget",
    schedule: "Schedule",
    init: "GaussianInit",
    s0: str,
    dynamics: DynamicsOptions,
    precision: PrecisionOptions,
    output: OutputOptions,
) -> None:
    """P at s0 to leading order, with both logarithms."""
    rules = _rules(dynamics, precision)
    with busy("probability to leading order"):
        from anneal_theory.probability.slow.leading_order import probability_at

        found = vars(probability_at(target, schedule, init.dim, s0, **rules))
    settings = {"target": target, "schedule": schedule, "dim": init.dim, "dynamics": dynamics.build(), "s0": s0}
    settings |= {"method": _LABEL} | precision.keywords
    emit_digits(output, "probability", settings, _named(_CHANCES, found), rules.get("digits"), notes=[_LEFT_OUT])


def formula_threshold(
    target: "BimodalTarget",
    schedule: "Schedule",
    s0: str,
    dynamics: DynamicsOptions,
    precision: PrecisionOptions,
    output: OutputOptions,
    accept_cost: bool,
) -> None:
    """rho_c of slow annealing with its prefactor, and what it is made of."""
    digits = _digits(precision, accept_cost)
    with busy("threshold of slow annealing"):
        from anneal_theory.precision import mpmath_context, to_mpf
        from anneal_theory.threshold.slow.passage import EASY_DIGITS
        from anneal_theory.threshold.slow.slow_annealing import regime_note, slow_threshold

        log_rho, log_gain, found = slow_threshold(target, schedule, s0, dynamics.build(), digits or EASY_DIGITS)
        with mpmath_context(2 * (digits or EASY_DIGITS)) as context:
            rho = to_mpf(context.exp(log_rho))
    constants = found.constants
    parts = {
        "rho": rho, "log_rho": log_rho, "log_prefactor": found.log_prefactor, "log_gain": log_gain,
        "hot_clock": found.hot_clock, "ramp_rate": found.ramp_rate,
        "critical_temperature": constants.critical_temperature, "escape_rate": constants.escape_rate,
    }  # fmt: skip
    names = ("rho_c", "log rho_c", "log A", "log C(s0)", "tau_hot", "r", "T_c", "kappa*")
    settings: dict[str, Any] = {"target": target, "schedule": schedule, "dynamics": dynamics.build(), "s0": s0}
    settings |= {"method": "slow-annealing"} | ({} if digits is None else {"digits": digits})
    more = {"log_error": found.error, "note": regime_note(found)}
    emit_digits(output, "threshold", settings, _named(names, parts), digits, notes=[regime_note(found)], more=more)


def formula_probability(
    target: "BimodalTarget",
    schedule: "Schedule",
    init: "GaussianInit",
    dynamics: DynamicsOptions,
    precision: PrecisionOptions,
    output: OutputOptions,
    accept_cost: bool,
) -> None:
    """P of slow annealing, the average over s0 included, with both logarithms."""
    digits = _digits(precision, accept_cost)
    with busy("probability of slow annealing"):
        from anneal_theory.probability.slow.slow_annealing import slow_chance
        from anneal_theory.threshold.slow.passage import EASY_DIGITS

        found = slow_chance(target, schedule, init, dynamics.build(), digits or EASY_DIGITS)
    settings: dict[str, Any] = {"target": target, "schedule": schedule, "init": init, "dynamics": dynamics.build()}
    settings |= {"method": "slow-annealing"} | ({} if digits is None else {"digits": digits})
    told = f"{float(found.error):.2g} in P(collapse), {found.log_error:.2g} in log P"
    notes = [f"formula off by up to {told}, {float(found.log_complement_error):.2g} in log(1 - P)", found.note]
    errors = {"error": found.error, "log_error": found.log_error, "log_complement_error": found.log_complement_error}
    more = errors | {"note": found.note}
    emit_digits(output, "probability", settings, _named(_CHANCES, vars(found.chance)), digits, notes=notes, more=more)


def _named(names: Sequence[str], parts: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    """Numbers by key with their names for readers, in the same order."""
    return {key: (name, value) for name, (key, value) in zip(names, parts.items(), strict=True)}


def _digits(precision: PrecisionOptions, accept_cost: bool) -> int | None:
    """The digits asked for.

    Raises:
        DomainError: a proof is asked for, or more digits than are practical.
    """
    if precision.certified:
        raise DomainError(
            "the slow-annealing formula is computed to any number of digits but not proven; leave out --certified, or "
            "use --method leading-order"
        )
    digits = precision.keywords.get("digits")
    if digits is None:
        return None
    from anneal_theory.threshold.slow.slow_annealing import formula_digits

    return formula_digits(digits, accept_cost)


def _rules(dynamics: DynamicsOptions, precision: PrecisionOptions) -> dict[str, Any]:
    if not dynamics.build().equal_weights:
        step = "leave it out: T_c is that of equal family weights"
        raise DomainError.of("family_weight", "0.5 for the leading order", dynamics.family_weight, step)
    return {"objective": dynamics.objective, "metric": dynamics.metric} | precision.keywords
