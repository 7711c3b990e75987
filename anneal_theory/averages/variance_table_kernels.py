"""psi of both means where the components' variance moves: compiled sums over the panels of `variance_tables`.

psi is odd in a = m + h, so ``psi = (a/A) E(x)`` with ``x = 2 (a/A)^2 - 1``; E is a Chebyshev series whose coefficients
are polynomials in the logarithm of r = R sqrt(v), of `POWERS` terms, which are written out below. Quotients of
differences have Clenshaw recurrences of their own, in which nothing cancels however close the means are.

table = (coefficients, shape (panels, orders * STRIDE), lowest log r, 1/width of the panels, 1/A)

All arguments are doubles, or all are `Lanes` of them.
"""

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_kernels import where, whole
from anneal_theory.numerics.lane_memory_kernels import entries_at

POWERS = 6  # of a panel's polynomials
STRIDE = 8  # from one polynomial to the next: Lanes are read eight at once


@kernel(fastmath={"contract"}, inline="always")
def panel_and_place(log_radius, table):
    """The panel of log r and the place in it, from -1/2 to 1/2."""
    x = (log_radius - table[1]) * table[2] - 0.5
    last = table[0].shape[0] - 1.0
    nearest = np.floor(x + 0.5)
    panel = where(nearest > 0.0, where(nearest < last, nearest, last), 0.0)
    return whole(panel), x - panel


@kernel(fastmath={"contract"}, inline="always")
def coefficient_at(place, rows, panel, k):
    """Coefficient k of the series, by Horner's rule."""
    c = entries_at(rows, panel, k * STRIDE, POWERS)
    return c[0] + place * (c[1] + place * (c[2] + place * (c[3] + place * (c[4] + place * c[5]))))


@kernel(fastmath={"contract"}, inline="always")
def coefficient_slope_at(place, rows, panel, k):
    """Its derivative in the place."""
    c = entries_at(rows, panel, k * STRIDE, POWERS)
    high = 3.0 * c[3] + place * (4.0 * c[4] + place * (5.0 * c[5]))
    return c[1] + place * (2.0 * c[2] + place * high)


@kernel(fastmath={"contract"})
def pair_means(a1, a2, log_radius, table):
    """(psi(a1), psi(a2), (psi(a1) - psi(a2))/(a1 - a2))."""
    panel, place = panel_and_place(log_radius, table)
    rows, scale = table[0], table[3]
    u1, u2 = a1 * scale, a2 * scale
    x1, x2 = 2.0 * u1 * u1 - 1.0, 2.0 * u2 * u2 - 1.0
    twice_1, twice_2 = 2.0 * x1, 2.0 * x2
    b1 = c1 = b2 = c2 = d = e = 0.0 * x1  # b_k, b_{k+1} at x1 and x2; the quotient's
    for k in range(rows.shape[1] // STRIDE - 1, 0, -1):
        value = coefficient_at(place, rows, panel, k)
        # what the last two terms give is added last: the recurrences are as long as their chains of operations
        d, e = twice_1 * d + (2.0 * b2 - e), d
        b1, c1 = twice_1 * b1 + (value - c1), b1
        b2, c2 = twice_2 * b2 + (value - c2), b2
    first = coefficient_at(place, rows, panel, 0)
    even_1, even_2, quotient = first + x1 * b1 - c1, first + x2 * b2 - c2, b2 + x1 * d - e
    total = u1 + u2
    return u1 * even_1, u2 * even_2, scale * (0.5 * (even_1 + even_2) + quotient * total * total)


@kernel(fastmath={"contract"})
def mean_at(a, log_radius, table):
    """psi(a)."""
    panel, place = panel_and_place(log_radius, table)
    rows, u = table[0], a * table[3]
    x = 2.0 * u * u - 1.0
    twice = 2.0 * x
    b = c = 0.0 * x
    for k in range(rows.shape[1] // STRIDE - 1, 0, -1):
        b, c = twice * b + (coefficient_at(place, rows, panel, k) - c), b
    return u * (coefficient_at(place, rows, panel, 0) + x * b - c)


@kernel(fastmath={"contract"})
def mean_slopes(a, log_radius, table):
    """(psi(a), psi'(a), d psi/d log r)."""
    panel, place = panel_and_place(log_radius, table)
    rows, u = table[0], a * table[3]
    x = 2.0 * u * u - 1.0
    twice = 2.0 * x
    b = c = p = q = e = f = 0.0 * x  # b_k, b_{k+1}; their derivatives in x; those of d psi/d log r
    for k in range(rows.shape[1] // STRIDE - 1, 0, -1):
        p, q = twice * p + (2.0 * b - q), p
        b, c = twice * b + (coefficient_at(place, rows, panel, k) - c), b
        e, f = twice * e + (coefficient_slope_at(place, rows, panel, k) - f), e
    even, slope = coefficient_at(place, rows, panel, 0) + x * b - c, b + x * p - q
    widened = coefficient_slope_at(place, rows, panel, 0) + x * e - f
    return u * even, table[3] * (even + 4.0 * u * u * slope), table[2] * u * widened


@kernel(fastmath={"contract"})
def mean_curve(a, log_radius, table):
    """(psi(a), psi'(a), psi''(a))."""
    panel, place = panel_and_place(log_radius, table)
    rows, u = table[0], a * table[3]
    x = 2.0 * u * u - 1.0
    twice = 2.0 * x
    b = c = p = q = s = t = 0.0 * x  # b_k, b_{k+1}; their first and second derivatives in x
    for k in range(rows.shape[1] // STRIDE - 1, 0, -1):
        s, t = twice * s + (4.0 * p - t), s
        p, q = twice * p + (2.0 * b - q), p
        b, c = twice * b + (coefficient_at(place, rows, panel, k) - c), b
    even, slope, bend = coefficient_at(place, rows, panel, 0) + x * b - c, b + x * p - q, 2.0 * p + x * s - t
    square, scale = u * u, table[3]
    return (
        u * even,
        scale * (even + 4.0 * square * slope),
        scale * scale * u * (12.0 * slope + 16.0 * square * bend),
    )


@kernel(fastmath={"contract"}, inline="always")
def _slopes(u1, u2, place, scale, rows, panel, by_radius):
    """psi, psi', the quotient and its derivatives in a1 and a2 of a panel; or all that of d psi/d log r."""
    x1, x2 = 2.0 * u1 * u1 - 1.0, 2.0 * u2 * u2 - 1.0
    twice_1, twice_2 = 2.0 * x1, 2.0 * x2
    b1 = c1 = b2 = c2 = d = e = value = 0.0 * x1
    p1 = q1 = p2 = q2 = 0.0 * x1  # derivatives of b at x1 and x2
    d1 = e1 = d2 = e2 = 0.0 * x1  # of d by x1 and x2
    for k in range(rows.shape[1] // STRIDE - 1, -1, -1):
        value = coefficient_slope_at(place, rows, panel, k) if by_radius else coefficient_at(place, rows, panel, k)
        if k == 0:
            break
        d1, e1 = twice_1 * d1 + (2.0 * d - e1), d1
        d2, e2 = twice_1 * d2 + (2.0 * p2 - e2), d2
        d, e = twice_1 * d + (2.0 * b2 - e), d
        p1, q1 = twice_1 * p1 + (2.0 * b1 - q1), p1
        p2, q2 = twice_2 * p2 + (2.0 * b2 - q2), p2
        b1, c1 = twice_1 * b1 + (value - c1), b1
        b2, c2 = twice_2 * b2 + (value - c2), b2
    even_1, even_2 = value + x1 * b1 - c1, value + x2 * b2 - c2
    slope_1, slope_2 = b1 + x1 * p1 - q1, b2 + x2 * p2 - q2
    quotient = b2 + x1 * d - e
    by_1, by_2 = d + x1 * d1 - e1, p2 + x1 * d2 - e2
    total = u1 + u2
    square = total * total
    return (
        u1 * even_1,
        u2 * even_2,
        scale * (even_1 + 4.0 * u1 * u1 * slope_1),
        scale * (even_2 + 4.0 * u2 * u2 * slope_2),
        scale * (0.5 * (even_1 + even_2) + quotient * square),
        scale * scale * (2.0 * u1 * slope_1 + 4.0 * u1 * by_1 * square + 2.0 * quotient * total),
        scale * scale * (2.0 * u2 * slope_2 + 4.0 * u2 * by_2 * square + 2.0 * quotient * total),
    )


@kernel(fastmath={"contract"})
def pair_slopes(a1, a2, log_radius, table):
    """(psi_1, psi_2, psi'_1, psi'_2, their quotient Q, dQ/da1, dQ/da2)."""
    panel, place = panel_and_place(log_radius, table)
    return _slopes(a1 * table[3], a2 * table[3], place, table[3], table[0], panel, False)


@kernel(fastmath={"contract"})
def pair_prime_means(a1, a2, log_radius, table):
    """(psi_1, psi_2, psi'_1, psi'_2, their quotient Q): what `pair_means` gives, and the slopes."""
    panel, place = panel_and_place(log_radius, table)
    found = _slopes(a1 * table[3], a2 * table[3], place, table[3], table[0], panel, False)
    return found[0], found[1], found[2], found[3], found[4]


@kernel(fastmath={"contract"})
def pair_radius_slopes(a1, a2, log_radius, table):
    """(psi_1, psi_2, Q) differentiated by log r."""
    panel, place = panel_and_place(log_radius, table)
    slopes = _slopes(a1 * table[3], a2 * table[3], place, table[3], table[0], panel, True)
    return table[2] * slopes[0], table[2] * slopes[1], table[2] * slopes[4]


@kernel(fastmath={"contract"})
def pair_radius_primes(a1, a2, log_radius, table):
    """(psi_1, psi_2, Q, psi'_1, psi'_2) differentiated by log r."""
    panel, place = panel_and_place(log_radius, table)
    slopes = _slopes(a1 * table[3], a2 * table[3], place, table[3], table[0], panel, True)
    scale = table[2]
    return scale * slopes[0], scale * slopes[1], scale * slopes[4], scale * slopes[2], scale * slopes[3]
