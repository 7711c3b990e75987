"""Annealing schedules (theory section 8).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, expm1, log, log1p, sqrt


def constant_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess


def exponential_clock(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return log1p(expm1(elapsed)/(initial_excess + 1))


def exponential_clock_above(initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return log1p((-excess + initial_excess)/(excess*(initial_excess + 1)))


def exponential_clock_late(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time, large x.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return elapsed - log1p(initial_excess) + log1p(initial_excess*exp(-elapsed))


def exponential_elapsed(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return log1p((initial_excess + 1)*expm1(scaled_clock))


def exponential_elapsed_late(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y, large y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return scaled_clock + log1p(initial_excess) + log1p(-initial_excess*exp(-scaled_clock)/(initial_excess + 1))


def exponential_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess*exp(-elapsed)


def exponential_excess_at_clock(initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = -scaled_clock
    part_1 = exp(part_0)
    return initial_excess*part_1/(part_1 - (initial_excess + 1)*expm1(part_0))


def exponential_time_above(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return log1p((-excess + initial_excess)/excess)


def exponential_time_above_late(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e, small e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return -log(excess) + log(initial_excess)


def exponential_to_one_clock(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return expm1(elapsed)/(initial_excess + 1)


def exponential_to_one_clock_above(initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return (-excess + initial_excess)/((excess + 1)*(initial_excess + 1))


def exponential_to_one_elapsed(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return log1p(scaled_clock*(initial_excess + 1))


def exponential_to_one_end(initial_excess: Any) -> Any:
    """Elapsed time from which T = 1.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return log1p(initial_excess)


def exponential_to_one_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return (initial_excess - expm1(elapsed))*exp(-elapsed)


def exponential_to_one_excess_at_clock(initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = scaled_clock*(initial_excess + 1)
    return (initial_excess - part_0)/(part_0 + 1)


def exponential_to_one_time_above(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return log1p((-excess + initial_excess)/(excess + 1))


def hold_clock(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return elapsed/(initial_excess + 1)


def hold_clock_above(initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return (1/(initial_excess + 1))


def hold_elapsed(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return scaled_clock*(initial_excess + 1)


def hold_end(initial_excess: Any) -> Any:
    """Elapsed time from which T = 1.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return 1.0


def hold_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess


def hold_excess_at_clock(initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return initial_excess


def hold_time_above(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return 1.0


def linear_beta_clock(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return ((1/2)*elapsed**2*initial_excess + elapsed)/(initial_excess + 1)


def linear_beta_clock_above(initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return (
        (1/2)*(-excess + initial_excess)*(excess + initial_excess + 2)/(initial_excess*(excess + 1)**2*(initial_excess +
        1))
    )


def linear_beta_elapsed(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = 2*initial_excess
    return scaled_clock*(part_0 + 2)/(sqrt(part_0*scaled_clock*(initial_excess + 1) + 1) + 1)


def linear_beta_end(initial_excess: Any) -> Any:
    """Elapsed time from which T = 1.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return 1.0


def linear_beta_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess*(1 - elapsed)/(elapsed*initial_excess + 1)


def linear_beta_excess_at_clock(initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = initial_excess + 1
    part_1 = 2*initial_excess
    part_2 = sqrt(part_0*part_1*scaled_clock + 1)
    return initial_excess*(initial_excess - scaled_clock*(part_1 + 2) + 2)/(part_2*(part_0 + part_2))


def linear_beta_time_above(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return (-excess + initial_excess)/(initial_excess*(excess + 1))


def linear_clock(elapsed: Any, initial_excess: Any) -> Any:
    """Integral of beta up to the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return log1p(elapsed*initial_excess/(initial_excess*(1 - elapsed) + 1))/initial_excess


def linear_clock_above(initial_excess: Any, excess: Any) -> Any:
    """Clock during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return log1p((-excess + initial_excess)/(excess + 1))/initial_excess


def linear_elapsed(initial_excess: Any, scaled_clock: Any) -> Any:
    """Elapsed time when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    return (-initial_excess - 1)*expm1(-initial_excess*scaled_clock)/initial_excess


def linear_end(initial_excess: Any) -> Any:
    """Elapsed time from which T = 1.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return 1.0


def linear_excess(elapsed: Any, initial_excess: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
    """
    return initial_excess*(1 - elapsed)


def linear_excess_at_clock(initial_excess: Any, scaled_clock: Any) -> Any:
    """T - 1 when the clock shows y.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        scaled_clock: integral of beta in units of the schedule's own time.
    """
    part_0 = initial_excess*scaled_clock
    return (initial_excess - expm1(part_0))*exp(-part_0)


def linear_time_above(initial_excess: Any, excess: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
    """
    return (-excess + initial_excess)/initial_excess


def power_excess(elapsed: Any, initial_excess: Any, exponent: Any) -> Any:
    """T - 1 at the elapsed time.

    Args:
        elapsed: time in units of the schedule's own time.
        initial_excess: temperature above 1 at the start, T0 - 1.
        exponent: power of the decay.
    """
    return initial_excess*exp(-exponent*log1p(elapsed))


def power_time_above(initial_excess: Any, excess: Any, exponent: Any) -> Any:
    """Time during which T - 1 > e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
        exponent: power of the decay.
    """
    return expm1(log1p((-excess + initial_excess)/excess)/exponent)


def power_time_above_late(initial_excess: Any, excess: Any, exponent: Any) -> Any:
    """Time during which T - 1 > e, small e.

    Args:
        initial_excess: temperature above 1 at the start, T0 - 1.
        excess: temperature above 1.
        exponent: power of the decay.
    """
    return expm1((-log(excess) + log(initial_excess))/exponent)
