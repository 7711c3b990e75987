"""Closed forms of the schedules in reduced variables: x = t / time unit, y = clock / time unit, excess = T0 - 1."""

import numpy as np

from anneal_theory._types import FloatArray


def exponential_excess(x: FloatArray, a: float) -> FloatArray:
    """T - 1."""
    return np.asarray(a * np.exp(-x))


def exponential_clock(x: FloatArray, a: float) -> FloatArray:
    """Clock, exact to rounding while exp(x) is finite."""
    return np.asarray(np.log1p(np.expm1(x) / (1 + a)))


def exponential_clock_late(x: FloatArray, a: float) -> FloatArray:
    """Clock for large x."""
    return np.asarray(x - np.log1p(a) + np.log1p(a * np.exp(-x)))


def exponential_elapsed(y: FloatArray, a: float) -> FloatArray:
    """Inverse clock for small y."""
    return np.asarray(np.log1p((1 + a) * np.expm1(y)))


def exponential_elapsed_late(y: FloatArray, a: float) -> FloatArray:
    """Inverse clock for large y."""
    return np.asarray(y + np.log1p(a) + np.log1p(-a / (1 + a) * np.exp(-y)))


def exponential_excess_at_clock(y: FloatArray, a: float) -> FloatArray:
    """T - 1 at clock y."""
    return np.asarray(a * np.exp(-y) / (np.exp(-y) - (1 + a) * np.expm1(-y)))


def exponential_time_above(e: FloatArray, a: float) -> FloatArray:
    """Time above T = 1 + e, e near a."""
    return np.asarray(np.log1p((a - e) / e))


def exponential_time_above_late(e: FloatArray, a: float) -> FloatArray:
    """Time above T = 1 + e, e far below a."""
    return np.asarray(np.log(a) - np.log(e))


def exponential_clock_above(e: FloatArray, a: float) -> FloatArray:
    """Clock above T = 1 + e, e near a."""
    return np.asarray(np.log1p((a - e) / ((1 + a) * e)))


def exponential_clock_above_late(e: FloatArray, a: float) -> FloatArray:
    """Clock above T = 1 + e, e far below a."""
    return np.asarray(np.log(a) - np.log(e) + np.log1p(e) - np.log1p(a))


def exponential_to_one_excess(x: FloatArray, a: float) -> FloatArray:
    """T - 1."""
    return np.asarray((a - np.expm1(x)) * np.exp(-x))


def exponential_to_one_clock(x: FloatArray, a: float) -> FloatArray:
    """Clock."""
    return np.asarray(np.expm1(x) / (1 + a))


def exponential_to_one_elapsed(y: FloatArray, a: float) -> FloatArray:
    """Inverse clock."""
    return np.asarray(np.log1p((1 + a) * y))


def exponential_to_one_excess_at_clock(y: FloatArray, a: float) -> FloatArray:
    """T - 1 at clock y."""
    return np.asarray((a - (1 + a) * y) / (1 + (1 + a) * y))


def exponential_to_one_time_above(e: FloatArray, a: float) -> FloatArray:
    """Time above T = 1 + e."""
    return np.asarray(np.log1p((a - e) / (1 + e)))


def exponential_to_one_clock_above(e: FloatArray, a: float) -> FloatArray:
    """Clock above T = 1 + e."""
    return np.asarray((a - e) / ((1 + e) * (1 + a)))


def linear_excess(x: FloatArray, a: float) -> FloatArray:
    """T - 1."""
    return np.asarray(a * (1 - x))


def linear_clock(x: FloatArray, a: float) -> FloatArray:
    """Clock."""
    return np.asarray(np.log1p(a * x / (1 + a * (1 - x))) / a)


def linear_elapsed(y: FloatArray, a: float) -> FloatArray:
    """Inverse clock."""
    return np.asarray(-(1 + a) * np.expm1(-a * y) / a)


def linear_excess_at_clock(y: FloatArray, a: float) -> FloatArray:
    """T - 1 at clock y."""
    return np.asarray((a - np.expm1(a * y)) * np.exp(-a * y))


def linear_time_above(e: FloatArray, a: float) -> FloatArray:
    """Time above T = 1 + e."""
    return np.asarray((a - e) / a)


def linear_clock_above(e: FloatArray, a: float) -> FloatArray:
    """Clock above T = 1 + e."""
    return np.asarray(np.log1p((a - e) / (1 + e)) / a)


def linear_beta_excess(x: FloatArray, a: float) -> FloatArray:
    """T - 1."""
    return np.asarray(a * (1 - x) / (1 + a * x))


def linear_beta_clock(x: FloatArray, a: float) -> FloatArray:
    """Clock."""
    return np.asarray((x + a * x**2 / 2) / (1 + a))


def linear_beta_elapsed(y: FloatArray, a: float) -> FloatArray:
    """Inverse clock."""
    return np.asarray(2 * (1 + a) * y / (1 + np.sqrt(1 + 2 * a * (1 + a) * y)))


def linear_beta_excess_at_clock(y: FloatArray, a: float) -> FloatArray:
    """T - 1 at clock y."""
    root = np.sqrt(1 + 2 * a * (1 + a) * y)
    return np.asarray(a * (2 + a - 2 * (1 + a) * y) / (root * (1 + a + root)))


def linear_beta_time_above(e: FloatArray, a: float) -> FloatArray:
    """Time above T = 1 + e."""
    return np.asarray((a - e) / (a * (1 + e)))


def linear_beta_clock_above(e: FloatArray, a: float) -> FloatArray:
    """Clock above T = 1 + e."""
    return np.asarray((a - e) * (2 + a + e) / (2 * a * (1 + a) * (1 + e) ** 2))


def power_excess(x: FloatArray, a: float, p: float) -> FloatArray:
    """T - 1."""
    return np.asarray(a * np.exp(-p * np.log1p(x)))


def power_time_above(e: FloatArray, a: float, p: float) -> FloatArray:
    """Time above T = 1 + e, e near a."""
    return np.asarray(np.expm1(np.log1p((a - e) / e) / p))


def power_time_above_late(e: FloatArray, a: float, p: float) -> FloatArray:
    """Time above T = 1 + e, e far below a."""
    return np.asarray(np.expm1((np.log(a) - np.log(e)) / p))
