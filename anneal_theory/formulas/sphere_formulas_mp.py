"""Annealing on the sphere in closed form, in mpmath (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def antipodal_surplus(ctx: Any, overlap: Any, cold: Any) -> Any:
    """The same while hot and slaved; it vanishes at the root of alpha.

    Args:
        ctx: mpmath context whose precision is used.
        overlap: overlap G(D) of the two components.
        cold: R over the square root of the temperature.
    """
    return (1/2)*ctx.sqrt(2)*cold/ctx.sqrt(ctx.pi) - 2*overlap


def antipodal_surplus_slope(ctx: Any, overlap_prime: Any) -> Any:
    """Its derivative by q, with G' at 2 q.

    Args:
        ctx: mpmath context whose precision is used.
        overlap_prime: derivative dG/dD.
    """
    return -4*overlap_prime + (1/2)*ctx.sqrt(2)/ctx.sqrt(ctx.pi)


def hot_growth(ctx: Any, separation: Any, variance: Any) -> Any:
    """Growth rate of x while hot.

    Args:
        ctx: mpmath context whose precision is used.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return (1/2)*ctx.sqrt(2)*separation/(ctx.sqrt(ctx.pi)*ctx.sqrt(variance))


def laplace_exponent(ctx: Any, cooling_rate: Any, cold: Any, tail_integral: Any) -> Any:
    """Exponent of the threshold for slow cooling from a hot start.

    Args:
        ctx: mpmath context whose precision is used.
        cooling_rate: rate at which the logarithm of the temperature falls.
        cold: R over the square root of the temperature.
        tail_integral: integral of G(2p)/p from q on.
    """
    return 2*((1/2)*ctx.sqrt(2)*cold/ctx.sqrt(ctx.pi) + 2*tail_integral)/cooling_rate


def laplace_threshold(ctx: Any, bias: Any, turning_rate: Any, hot_exponent: Any, bend: Any) -> Any:
    """Threshold for slow cooling by Laplace's method; bend is the slope of lambda - 2 g in time at its zero.

    Args:
        ctx: mpmath context whose precision is used.
        bias: half the log-odds of the target in units of R^2, h/R^2.
        turning_rate: growth rate of x on the linear passage.
        hot_exponent: growth of log x until the antipodal pair loses its stability.
        bend: slope in time of the growth rate of the sum of the overlaps, at its zero.
    """
    return ctx.sqrt(2)*ctx.sqrt(ctx.pi)*bias*turning_rate*ctx.exp(-hot_exponent)/ctx.sqrt(bend)


def log_passage_threshold(ctx: Any, rapidity: Any, bias: Any, log_growth: Any, passage_integral: Any) -> Any:
    """Logarithm of the threshold of the linear passage at its end.

    Args:
        ctx: mpmath context whose precision is used.
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
        bias: half the log-odds of the target in units of R^2, h/R^2.
        log_growth: integral of the growth rate of x since the start.
        passage_integral: integral of the linear passage, with the push until its end.
    """
    return -log_growth + ctx.log(bias) + ctx.log1p(passage_integral) + (1/2)*ctx.log1p(ctx.exp(-2*rapidity))


def paper_exponent(
    ctx: Any, separation: Any, initial_temperature: Any, cooling_rate: Any, stability_constant: Any
) -> Any:
    """The paper's exponent, where it is positive.

    Args:
        ctx: mpmath context whose precision is used.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
        stability_constant: R^2/T where the antipodal pair on the sphere loses its stability.
    """
    return (
        ctx.sqrt(2)*separation*(ctx.sqrt(stability_constant)/separation -
        1/ctx.sqrt(initial_temperature))/(ctx.sqrt(ctx.pi)*cooling_rate)
    )


def paper_threshold(ctx: Any, bias: Any, hot_exponent: Any) -> Any:
    """The paper's threshold.

    Args:
        ctx: mpmath context whose precision is used.
        bias: half the log-odds of the target in units of R^2, h/R^2.
        hot_exponent: growth of log x until the antipodal pair loses its stability.
    """
    return ctx.sqrt(2)*bias*ctx.exp(-hot_exponent)


def passage_distance(ctx: Any, rapidity: Any, separation: Any, variance: Any) -> Any:
    """Distance of the means in standard deviations of a component.

    Args:
        ctx: mpmath context whose precision is used.
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return separation*ctx.sqrt(2*ctx.tanh(rapidity) + 2)/ctx.sqrt(variance)


def passage_integrand(ctx: Any, log_growth_left: Any, turn_left: Any, turning_rate: Any) -> Any:
    """Integrand of the linear passage.

    Args:
        ctx: mpmath context whose precision is used.
        log_growth_left: integral of the growth rate of x until the end.
        turn_left: integral of the push on the sum of the overlaps until the end.
        turning_rate: growth rate of x on the linear passage.
    """
    return turning_rate*ctx.exp(log_growth_left - turn_left)


def passage_turn(ctx: Any, rapidity: Any) -> Any:
    """Integral of the push on m1 + m2 since the pair was orthogonal.

    Args:
        ctx: mpmath context whose precision is used.
        rapidity: area tangent of minus the pair's cosine: mu_1 . mu_2/R^2 = -tanh of it.
    """
    return rapidity + (1/2)*ctx.log1p(ctx.exp(-2*rapidity)) - 1/2*ctx.log(2)
