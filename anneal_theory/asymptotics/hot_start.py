"""Means on the sphere that start infinitely hot: at a given rate of cooling there is a limit, and how it is reached."""

from functools import partial

from anneal_theory._types import MpContext, Mpf, Number, VarianceRule
from anneal_theory.asymptotics.evaluation import evaluated, number
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_hot import lag_factor_parameter
from anneal_theory.formulas.sphere_hot_mp import hot_start_shift as shift
from anneal_theory.formulas.sphere_hot_mp import trained_lag_factor
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.schedules.exponential_to_one import cooling_rate

_FASTEST = {"trained": 0.6, "follows-temperature": 1.0}  # kappa up to which the shift is the leading correction


@checked(schedule="paper_schedule", variance="variance_rule")
def hot_start_shift(
    target: BimodalTarget, schedule: ExponentialToOne, variance: VarianceRule = "trained", *, digits: int | None = None
) -> Number:
    """How far log rho_c on the sphere lies above that of an infinitely hot start, at the same rate of cooling.

    Args:
        target: Separation R; the weight plays no part.
        schedule: ``T = T0 exp(-t/decay_time)``, under the free energy, with T0 well above R^2.
        variance: "trained", for a decay time of at least 5/3, or "follows-temperature", of at least 1.

    Remainder: O(R^2/T0) at a decay time of 2 or more; up to 5/3 a smaller power.

    Source: theory section 11; docs/derivations/sphere_hot.md.

    Example:
        >>> schedule = ExponentialToOne(10000, decay_time=10)
        >>> round(hot_start_shift(BimodalTarget(3, 0.8), schedule, "follows-temperature"), 6)
        0.239365
    """
    require_limit(variance, 1 / schedule.decay_time)

    def value(context: MpContext) -> Mpf:
        radius, temperature = (
            number(context, parameter) for parameter in (target.exact_separation, schedule.exact_initial_temperature)
        )
        rate = cooling_rate(schedule, partial(number, context), context)
        shifted: Mpf = shift(context, radius, temperature, rate, _lag(context, variance, rate))
        return shifted

    return evaluated(digits, value)


def require_limit(variance: str, rate: float) -> None:
    """Refuse what has no limit of infinitely hot starts, or reaches it by another law."""
    if variance not in _FASTEST:
        what = "'trained' or 'follows-temperature' for a limit to exist"
        raise DomainError.of("variance", what, variance, "with a fixed one collapse can be made as rare as you like")
    if rate > _FASTEST[variance] * (1 + 1e-12):
        least = f"at least {1 / _FASTEST[variance]:.4g} with this variance"
        raise DomainError.of("decay_time", least, 1 / rate, "take a longer one; the exact threshold has no such bound")


def _lag(context: MpContext, variance: str, rate: Mpf) -> Mpf:
    if variance == "follows-temperature":
        return context.one
    parameter = lag_factor_parameter(rate)
    factor: Mpf = trained_lag_factor(context, rate, context.hyp2f1(context.mpf(1) / 2, parameter, 1 + parameter, rate))
    return factor
