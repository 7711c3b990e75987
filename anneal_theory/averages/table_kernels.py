"""Compiled evaluation of the tables of `averages.tables`."""

import math

from numba import njit


@njit(cache=True)
def _panel_value(x, coefficients, inverse_width):
    place = x * inverse_width
    panel = int(place)
    u = 2.0 * (place - panel) - 1.0
    row = coefficients[panel]
    value = 0.0
    for k in range(row.shape[0] - 1, -1, -1):
        value = value * u + row[k]
    return value


@njit(cache=True)
def _panel_slope(x, coefficients, inverse_width):
    """(value, derivative)."""
    place = x * inverse_width
    panel = int(place)
    u = 2.0 * (place - panel) - 1.0
    row = coefficients[panel]
    value = slope = 0.0
    for k in range(row.shape[0] - 1, -1, -1):
        slope = slope * u + value
        value = value * u + row[k]
    return value, 2.0 * inverse_width * slope


@njit(cache=True)
def psi_at(a, coefficients, inverse_width):
    """psi as a function of a = m + h."""
    x = abs(a)
    if not x * inverse_width < coefficients.shape[0]:
        return math.copysign(1.0, a)
    return math.copysign(1.0, a) * _panel_value(x, coefficients, inverse_width)


@njit(cache=True)
def psi_prime_at(a, coefficients, inverse_width):
    """psi' as a function of a = m + h."""
    x = abs(a)
    if not x * inverse_width < coefficients.shape[0]:
        return 0.0
    return _panel_value(x, coefficients, inverse_width)


@njit(cache=True)
def psi_second_at(a, coefficients, inverse_width):
    """psi'' as a function of a = m + h, from the table of psi'."""
    x = abs(a)
    if not x * inverse_width < coefficients.shape[0]:
        return 0.0
    return math.copysign(1.0, a) * _panel_slope(x, coefficients, inverse_width)[1]


@njit(cache=True)
def mmse_slope_at(distance, coefficients, inverse_width):
    """(G, dG/dD) at a distance D >= 0."""
    if not distance * inverse_width < coefficients.shape[0]:
        return 0.0, 0.0
    value, slope = _panel_slope(distance, coefficients, inverse_width)
    envelope = math.exp(-0.125 * distance * distance)
    return envelope * value, envelope * (slope - 0.25 * distance * value)


@njit(cache=True)
def mmse_at(distance, coefficients, inverse_width):
    """G at a distance D >= 0."""
    return mmse_slope_at(distance, coefficients, inverse_width)[0]
