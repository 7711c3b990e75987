"""Every constant of a target in one table, as doubles or to any number of digits."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from anneal_theory._types import Exactable
from anneal_theory.averages import psi
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.critical import critical_separation, critical_temperature
from anneal_theory.fixed_points.hot import hot_separation
from anneal_theory.fixed_points.landscape import collapsed_state
from anneal_theory.fixed_points.single import growth
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked


@checked(temperatures="list_of_temperatures")
def target_constants(
    target: BimodalTarget,
    s0: Exactable = 0,
    temperatures: Sequence[Exactable] = (),
    *,
    digits: int | None = None,
    certified: bool = False,
) -> dict[str, Any]:
    """The constants of a target by name: s*, kappa*, kappa_0, psi(0), T_c, R_c, C(s0), and D_T at temperatures.

    Args:
        target: Separation and weight.
        s0: Start of the transient gain.
        temperatures: Where to give the hot separation.
        digits: None for doubles, else correct relative digits.
        certified: Give balls.

    Returns:
        Each constant as a float, ``mpf`` or `Ball`; a sentence that says why where it does not exist.

    Raises:
        PrecisionError: the digits are out of reach.

    Source:
        theory sections 2, 6 and 7.

    Example:
        >>> round(target_constants(BimodalTarget(3, 0.8))["central_rate"], 12)
        2.237881209699
    """
    how: dict[str, Any] = {"digits": digits, "certified": certified} if digits is not None or certified else {}
    state = collapsed_state(target, **how)
    values = {
        "overlap": state.overlap,
        "escape_rate": state.escape_rate,
        "central_rate": _central_rate(target, digits, certified),
        "central_label": psi(0, target, **how),
        "critical_temperature": _or_reason(lambda: critical_temperature(target, **how)),
        "critical_separation": _or_reason(lambda: critical_separation(target.exact_weight, **how)),
        "transient_gain": _or_reason(lambda: transient_gain(target, s0, **how)),
    }
    for temperature in temperatures:
        values[f"hot_separation({temperature})"] = hot_separation(temperature, **how)
    return values


def _central_rate(target: BimodalTarget, digits: int | None, certified: bool) -> Any:
    """kappa_0 = R^2 psi'(0)."""
    if digits is None and not certified:
        return float(growth(0.0, target))
    from anneal_theory.fixed_points.roots import growth_ball, shown  # loads flint

    return shown(lambda count: (growth_ball(target, Fraction(0), count),), digits, certified)[0]


def _or_reason(value: Callable[[], object]) -> Any:
    try:
        return value()
    except DomainError as error:
        return f"none: {error}"
