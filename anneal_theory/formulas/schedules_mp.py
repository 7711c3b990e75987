"""Annealing schedules, in mpmath (theory section 8).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def exponential_clock(ctx: Any, elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return ctx.log1p(ctx.expm1(elapsed)/(initial_excess + 1))


def exponential_clock_above(ctx: Any, initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return ctx.log1p((-excess + initial_excess)/(excess*(initial_excess + 1)))


def exponential_elapsed(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return ctx.log1p((initial_excess + 1)*ctx.expm1(scaled_clock))


def exponential_excess(ctx: Any, elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess*ctx.exp(-elapsed)


def exponential_excess_at_clock(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = -scaled_clock
    part_1 = ctx.exp(part_0)
    return initial_excess*part_1/(part_1 - (initial_excess + 1)*ctx.expm1(part_0))


def exponential_time_above(ctx: Any, initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return ctx.log1p((-excess + initial_excess)/excess)


def exponential_to_one_clock(ctx: Any, elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return ctx.expm1(elapsed)/(initial_excess + 1)


def exponential_to_one_elapsed(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return ctx.log1p(scaled_clock*(initial_excess + 1))


def exponential_to_one_end(ctx: Any, initial_excess: Any) -> Any:
    """Elapsed time from which T = 1.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return ctx.log1p(initial_excess)


def exponential_to_one_excess(ctx: Any, elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return (initial_excess - ctx.expm1(elapsed))*ctx.exp(-elapsed)


def exponential_to_one_time_above(ctx: Any, initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return ctx.log1p((-excess + initial_excess)/(excess + 1))


def linear_beta_elapsed(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = 2*initial_excess
    return scaled_clock*(part_0 + 2)/(ctx.sqrt(part_0*scaled_clock*(initial_excess + 1) + 1) + 1)


def linear_beta_excess_at_clock(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = initial_excess + 1
    part_1 = 2*initial_excess
    part_2 = ctx.sqrt(part_0*part_1*scaled_clock + 1)
    return initial_excess*(initial_excess - scaled_clock*(part_1 + 2) + 2)/(part_2*(part_0 + part_2))


def linear_clock(ctx: Any, elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return ctx.log1p(elapsed*initial_excess/(initial_excess*(1 - elapsed) + 1))/initial_excess


def linear_clock_above(ctx: Any, initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return ctx.log1p((-excess + initial_excess)/(excess + 1))/initial_excess


def linear_elapsed(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return (-initial_excess - 1)*ctx.expm1(-initial_excess*scaled_clock)/initial_excess


def linear_excess_at_clock(ctx: Any, initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = initial_excess*scaled_clock
    return (initial_excess - ctx.expm1(part_0))*ctx.exp(-part_0)


def power_excess(ctx: Any, elapsed: Any, initial_excess: Any, exponent: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        ctx: mpmath context whose precision is used.
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
        exponent: power of the decay.
    """
    return initial_excess*ctx.exp(-exponent*ctx.log1p(elapsed))


def power_time_above(ctx: Any, initial_excess: Any, excess: Any, exponent: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        ctx: mpmath context whose precision is used.
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
        exponent: power of the decay.
    """
    return ctx.expm1(ctx.log1p((-excess + initial_excess)/excess)/exponent)
