r"""Averages over a normal density along power series, its width moving too, at flint's working precision.

``F(a, X) = E f(a + sqrt(X) z)`` obeys ``dF/dX = (1/2) d^2F/da^2``, so that the derivatives in a at one place give all.
Along series a(t) and X(t) the derivative ``F_k = d^k F/da^k`` obeys

    dF_k/dt = F_(k+1) da/dt + F_(k+2) (1/2) dX/dt,

from which each comes to one term more than the two after it: from the last one, a constant, down to F itself.
"""

import flint

from anneal_theory.numerics.taylor import Series, Vector, composed, extended, series_length


def derivatives_needed(length: int, orders: int) -> int:
    """How many derivatives, from the value on, series of so many terms of F, F', .. take."""
    return 2 * length + orders - 1


def averages_along(derivatives: Vector, argument: flint.arb_series, square: flint.arb_series, orders: int) -> Series:
    """F and its derivatives in a along series, to flint's series length.

    Derivatives are F, F', F'', .. at the first place and width, as many as `derivatives_needed` says; the series of X
    is a constant where the width rests.
    """
    length = flint.ctx.cap
    if not any(square.coeffs()[1:length]):
        return _at_rest(derivatives, argument, orders)
    moving, widening = (series.derivative() for series in extended([argument, square / 2]))
    after, next_but_one = (flint.arb_series([derivatives[2 * length + orders - more]]) for more in (3, 2))
    descending = [after]
    for k in range(2 * length + orders - 4, -1, -1):
        with series_length(length - max(k - orders + 2, 0) // 2):
            rate = after * moving + next_but_one * widening
            after, next_but_one = derivatives[k] + rate.integral(), after
        descending.append(after)
    return descending[: -orders - 1 : -1]


def _at_rest(derivatives: Vector, argument: flint.arb_series, orders: int) -> Series:
    """The same where only a moves."""
    count, factorial = flint.ctx.cap + orders - 1, flint.arb(1)
    coefficients = [derivatives[0]]
    for j in range(1, count):
        factorial *= j
        coefficients.append(derivatives[j] / factorial)
    local, averages = flint.arb_poly(coefficients), []
    for _ in range(orders):
        averages.append(composed(local, argument))
        local = local.derivative()
    return averages
