"""The threshold on the sphere in the limit of infinitely hot starts, at a given rate of cooling (theory section 11)."""

import math

from anneal_theory._types import Exactable, VarianceRule
from anneal_theory.asymptotics.hot_start import hot_start_shift, require_limit
from anneal_theory.exact import exact
from anneal_theory.formulas.start_law import log_cosine, log_rho_of_cosine
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold.sphere.exact import sphere_threshold
from anneal_theory.threshold.sphere.methods import require_biased

_HOT, _HOTTER = 10**5, 10**7  # of R^2: what the shift leaves out falls with the initial temperature


@checked(variance="variance_rule")
def hot_start_threshold(target: BimodalTarget, decay_time: Exactable, variance: VarianceRule = "trained") -> Estimate:
    """x_c on the sphere in the limit T0 -> infinity at a given rate of cooling, under the free energy.

    A hotter start at the same rate buys no more than this; in large dimension ``P = erf(sqrt(d/2) x_c)``. It is the
    exact threshold from a very hot start, whose shift is taken off; the error is how far two such starts differ.

    Args:
        target: Separation and weight, which is not 1/2.
        decay_time: Time in which the temperature falls by the factor e, 1/kappa; at least 5/3 for a trained variance
            and 1 for one that follows the temperature.
        variance: "trained" or "follows-temperature"; with a fixed variance the limit is 0.

    Returns:
        Estimate of x_c.

    Raises:
        DomainError: the variance or the decay time are others, or the target has no bias.

    Source: theory section 11; docs/derivations/sphere_hot.md.

    Example:
        >>> found = hot_start_threshold(BimodalTarget(3, 0.8), 10, "follows-temperature")
        >>> round(found.log_value, 5)
        -9.02842
    """
    rate = 1 / float(exact(decay_time, "decay_time"))
    require_limit(variance, rate)
    require_biased(target, "hot start")
    rules = Dynamics("free-energy", constraint="sphere", variance=variance)
    square, limits, errors = math.ceil(target.exact_separation**2), [], []
    for factor in (_HOT, _HOTTER):
        schedule = ExponentialToOne(factor * square, decay_time)
        estimate = sphere_threshold(target, schedule, rules, 0, 0)
        log_rho = float(log_rho_of_cosine(estimate.log_value))
        limits.append(log_rho - hot_start_shift(target, schedule, variance))
        errors.append(estimate.log_error)
    log_x = float(log_cosine(limits[1]))
    error = abs(limits[1] - limits[0]) + max(errors)
    value = math.exp(log_x)
    return Estimate(value, value * math.expm1(error), log_x, "hot-start", log_error=error)
