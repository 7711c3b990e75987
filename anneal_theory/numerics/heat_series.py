r"""Averages over a normal density along power series, its width moving too, at flint's working precision.

``F(a, X) = E f(a + sqrt(X) z)`` obeys ``dF/dX = (1/2) d^2F/da^2``, so that the derivatives in a at one place give all:

    F^(p)(a + da, X + dX) = sum_{j, k} F^(p + j + 2k) (da)^j/j! (dX/2)^k/k!

With da and dX series without constant terms the sum ends with the series. All sums over j are one product of matrices.
"""

import flint

from anneal_theory.numerics.taylor import Series, Vector


def derivatives_needed(length: int, orders: int) -> int:
    """How many derivatives, from the value on, series of so many terms of F, F', .. take."""
    return 2 * length + orders - 1


def averages_along(derivatives: Vector, place: flint.arb_series, square: flint.arb_series, orders: int) -> Series:
    """F and its derivatives in a along series, to flint's series length.

    Args:
        derivatives: F, F', F'', .. at the first place and width, as many as `derivatives_needed` says.
        place: Series of a.
        square: Series of X; a constant where the width rests.
        orders: How many of F, F', .. to give.

    Returns:
        `orders` series.

    Example:
        >>> from anneal_theory.numerics.taylor import series_length
        >>> e = flint.arb(1).exp()  # F = e^(a + X/2) at a = 1, X = 0, along a = 1 + t, X = 2 t: e^(1 + 2 t)
        >>> with series_length(3):
        ...     found = averages_along([e] * 6, flint.arb_series([1, 1]), flint.arb_series([0, 2]), 1)[0]
        >>> (found[2] / e).str(10, radius=False)
        '2.000000000'
    """
    length = flint.ctx.cap
    moves, widths = _moved(place, length), _moved(square, length) / 2
    rows, powers = length if any(widths.coeffs()) else 1, _powers(moves, length)
    table = flint.arb_mat([_padded(one, length) for one in powers])
    wanted = [
        [derivatives[p + j + 2 * k] if j + k < length else flint.arb(0) for j in range(length)]
        for p in range(orders)
        for k in range(rows)
    ]
    sums = (flint.arb_mat(wanted) * table).entries()
    found = []
    for p in range(orders):
        total = flint.arb_series([0])
        for k in reversed(range(rows)):
            begin = (p * rows + k) * length
            inner = flint.arb_series(sums[begin : begin + length])
            total = inner + (_padded_series(widths / (k + 1) * total, length) if k + 1 < rows else 0)
        found.append(total)
    return found


def _moved(series: flint.arb_series, length: int) -> flint.arb_series:
    """A series without its constant term, of full length."""
    return flint.arb_series([flint.arb(0), *_padded(series, length)[1:]])


def _powers(moves: flint.arb_series, length: int) -> Series:
    """1, da, da^2/2!, .."""
    found = [flint.arb_series([1])]
    for j in range(1, length):
        found.append(found[-1] * moves / j)
    return found


def _padded(series: flint.arb_series, length: int) -> list[flint.arb]:
    known = list(series.coeffs())[:length]
    return known + [flint.arb(0)] * (length - len(known))


def _padded_series(series: flint.arb_series, length: int) -> flint.arb_series:
    return flint.arb_series(_padded(series, length))
