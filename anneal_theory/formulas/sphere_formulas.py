"""Annealing on the sphere in closed form (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, log, log1p, pi, sqrt, tanh


def antipodal_growth(separation: Any, variance: Any, temperature: Any, overlap: Any, centre_slope: Any) -> Any:
    """Growth rate of the sum of the overlaps at the antipodal pair.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        centre_slope: derivative of psi at the overlap -h, its zero: E sech^2(R sqrt(v) z).
    """
    return (1/2)*centre_slope*separation**2 - 2*overlap*temperature/variance


def antipodal_surplus(overlap: Any, cold: Any) -> Any:
    """The same while hot and slaved; it vanishes at the root of alpha.

    Args:
        overlap: overlap G(D) of the two components.
        cold: R over the square root of the temperature.
    """
    return (1/2)*sqrt(2)*cold/sqrt(pi) - 2*overlap


def antipodal_surplus_slope(overlap_prime: Any) -> Any:
    """Its derivative by q, with G' at 2 q.

    Args:
        overlap_prime: derivative dG/dD.
    """
    return -4*overlap_prime + (1/2)*sqrt(2)/sqrt(pi)


def bias_of_target(separation: Any, half_log_odds: Any) -> Any:
    """Half log-odds of the target in units of R^2.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
    """
    return half_log_odds/separation**2


def hot_growth(separation: Any, variance: Any) -> Any:
    """Growth rate of x while hot.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return (1/2)*sqrt(2)*separation/(sqrt(pi)*sqrt(variance))


def laplace_bend(cooling_rate: Any, cold: Any, surplus_slope: Any) -> Any:
    """D(lambda - 2 g)/dt at q.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
        cold: R over the square root of the temperature.
        surplus_slope: derivative by q of the growth rate at the antipodal pair.
    """
    return (1/2)*cold*cooling_rate*surplus_slope


def laplace_exponent(cooling_rate: Any, cold: Any, tail_integral: Any) -> Any:
    """Exponent of the threshold for slow cooling from a hot start.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
        cold: R over the square root of the temperature.
        tail_integral: integral of G(2p)/p from q on.
    """
    return 2*((1/2)*sqrt(2)*cold/sqrt(pi) + 2*tail_integral)/cooling_rate


def laplace_threshold(bias: Any, turning_rate: Any, hot_exponent: Any, bend: Any) -> Any:
    """Threshold for slow cooling by Laplace's method; bend is d(lambda - 2 g)/dt at its zero.

    Args:
        bias: half the log-odds of the target in units of R^2, h/R^2.
        turning_rate: growth rate of x on the linear passage.
        hot_exponent: growth of log x until the antipodal pair loses its stability.
        bend: slope in time of the growth rate of the sum of the overlaps, at its zero.
    """
    return sqrt(2)*sqrt(pi)*bias*turning_rate*exp(-hot_exponent)/sqrt(bend)


def log_passage_threshold(rapidity: Any, bias: Any, log_growth: Any, passage_integral: Any) -> Any:
    """Logarithm of the threshold of the linear passage at its end.

    Args:
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
        bias: half the log-odds of the target in units of R^2, h/R^2.
        log_growth: integral of the growth rate of x since the start.
        passage_integral: integral of the linear passage, with the push until its end.
    """
    return -log_growth + log(bias) + log1p(passage_integral) + (1/2)*log1p(exp(-2*rapidity))


def paper_exponent(separation: Any, initial_temperature: Any, cooling_rate: Any, stability_constant: Any) -> Any:
    """The paper's exponent, where it is positive.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
        stability_constant: R^2/T where the antipodal pair on the sphere loses its stability.
    """
    return (
        sqrt(2)*separation*(sqrt(stability_constant)/separation - 1/sqrt(initial_temperature))/(sqrt(pi)*cooling_rate)
    )


def paper_threshold(bias: Any, hot_exponent: Any) -> Any:
    """The paper's threshold.

    Args:
        bias: half the log-odds of the target in units of R^2, h/R^2.
        hot_exponent: growth of log x until the antipodal pair loses its stability.
    """
    return sqrt(2)*bias*exp(-hot_exponent)


def passage_distance(rapidity: Any, separation: Any, variance: Any) -> Any:
    """Distance of the means in standard deviations of a component.

    Args:
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return separation*sqrt(2*tanh(rapidity) + 2)/sqrt(variance)


def passage_integrand(log_growth_left: Any, turn_left: Any, turning_rate: Any) -> Any:
    """Integrand of the linear passage.

    Args:
        log_growth_left: integral of the growth rate of x until the end.
        turn_left: integral of the push on the sum of the overlaps until the end.
        turning_rate: growth rate of x on the linear passage.
    """
    return turning_rate*exp(log_growth_left - turn_left)


def passage_rates(separation: Any, variance: Any, temperature: Any, overlap: Any, centre_slope: Any) -> tuple[Any, Any]:
    """Rates of the pair's rapidity and of log x.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        centre_slope: derivative of psi at the overlap -h, its zero: E sech^2(R sqrt(v) z).
    """
    return (2*overlap*temperature/variance, (1/2)*centre_slope*separation**2,)


def passage_sum(bias: Any, passage_integral: Any) -> Any:
    """M1 + m2 + 2 epsilon, in units of R^2, along the linear passage.

    Args:
        bias: half the log-odds of the target in units of R^2, h/R^2.
        passage_integral: integral of the linear passage, with the push until its end.
    """
    return 2*bias*(passage_integral + 1)


def passage_turn(rapidity: Any) -> Any:
    """Integral of the push on m1 + m2 since the pair was orthogonal.

    Args:
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
    """
    return rapidity + (1/2)*log1p(exp(-2*rapidity)) - 1/2*log(2)


def stability_constant_of(cold: Any) -> Any:
    """R^2 beta where q = R sqrt(beta).

    Args:
        cold: R over the square root of the temperature.
    """
    return cold**2


def stability_temperature(separation: Any, stability_constant: Any) -> Any:
    """Temperature where R^2 beta is a given constant.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        stability_constant: R^2/T where the antipodal pair on the sphere loses its stability.
    """
    return separation**2/stability_constant
