r"""The creep to the fold at T = T_c as power series: the aligned pair's centre manifold (theory section 6).

With ``m = m^c + y v + z q`` (v the null vector, q the other eigenvector) a run close to the fold lies on the curve
``z = h(y)`` and creeps along it at the rate ``y' = f(y) = a y^2 + a_3 y^3 + ...``, ``h' f = g(y, h)``. Its clock is
``int dy/f``, term by term: the logarithm and all that vanishes at the fold come out exactly, no limit is taken. The
series are asymptotic: used where their last terms are negligible.
"""

from dataclasses import dataclass

import flint

from anneal_theory.numerics.taylor import Matrix, Series, series_length
from anneal_theory.threshold.slow.orbit_series import PairFlow

PlaneVector = tuple[flint.arb, flint.arb]


@dataclass(frozen=True, eq=False)
class CentreManifold:
    """Centre manifold at the fold."""

    place: PlaneVector  # (m1, m2) at the fold
    null: PlaneVector  # v, of unit length, along which the pair escapes where y > 0
    other: PlaneVector  # q
    shape: list[flint.arb]  # coefficients of h
    speed: list[flint.arb]  # coefficients of f
    stable_rate: flint.arb  # lambda < 0, the rate of z

    def coordinates(self, first: flint.arb, second: flint.arb) -> PlaneVector:
        """(y, z) of two overlaps."""
        moves = first - self.place[0], second - self.place[1]
        return _along(self.null, moves), _along(self.other, moves)

    def clock(self, y: flint.arb) -> tuple[flint.arb, float]:
        """``tau - tau_0`` at y < 0, and the size of the last terms of its series.

        tau_0 is fixed by ``tau - tau_0 = omega/a + (a_3/a^2) log(omega/a) + o(1)``, ``omega = -1/y``.
        """
        a, cubic, count = self.speed[2], self.speed[3], len(self.speed) - 2
        with series_length(count):
            slowness = flint.arb_series(self.speed[2:]).inv()  # y^2/f
            terms = list(slowness.coeffs())
        vanishing = [term / (k - 1) for k, term in enumerate(terms) if k >= 2]
        last = max(float(abs(vanishing[-i] * y ** (len(vanishing) - i + 1)).mid()) for i in (1, 2))
        omega = -1 / y
        value = omega / a + cubic / (a * a) * (omega / a).log() + flint.arb_poly([0, *vanishing])(y)
        return value, last

    def off(self, y: flint.arb, z: flint.arb) -> flint.arb:
        """Distance of a point from the curve."""
        return abs(z - flint.arb_poly(self.shape)(y))


def centre_manifold(flow: PairFlow, first: flint.arb, second: flint.arb, count: int) -> CentreManifold:
    """The first `count` coefficients of h and f at the fold (first, second) of the flow."""
    start = [flint.arb_series([coefficient]) for coefficient in (first, second, flint.arb(0))]
    _, slopes = flow.rates(start, flow.temperature, 1, 1, aligned=True)
    null, other, trace = _directions(slopes[0][0][0], slopes[0][1][0], slopes[1][1][0])
    shape = [flint.arb(0), flint.arb(0)]
    while len(shape) < count:
        length, wanted = len(shape), min(2 * len(shape), count)
        state = _state((first, second), null, other, shape)
        rates, slopes = flow.rates(state, flow.temperature, wanted, max(wanted - length, 2), aligned=True)
        shape = shape + _correction(rates, slopes, null, other, shape, wanted)
    speed, _ = _projected(flow, (first, second), null, other, shape, count)
    if speed[2] < 0:
        null, shape = (-null[0], -null[1]), [(-1) ** k * coefficient for k, coefficient in enumerate(shape)]
        speed = [-((-1) ** k) * coefficient for k, coefficient in enumerate(speed)]
    return CentreManifold((first, second), null, other, shape, speed, trace)


def _directions(first: flint.arb, beside: flint.arb, second: flint.arb) -> tuple[PlaneVector, PlaneVector, flint.arb]:
    """Unit vectors v and q, and the eigenvalue of q, of the pair's Jacobian: symmetric and singular at the fold."""
    size = (beside * beside + first * first).sqrt()
    null = -beside / size, first / size
    return null, (null[1], -null[0]), first + second


def _state(fold: PlaneVector, null: PlaneVector, other: PlaneVector, shape: list[flint.arb]) -> Series:
    rows = [[coefficient * q for coefficient in shape] for q in other]
    for row, start, slope in zip(rows, fold, null, strict=True):
        row[0], row[1] = start, slope
    with series_length(len(shape)):
        return [flint.arb_series(row) for row in (*rows, [flint.arb(0)])]


def _projected(
    flow: PairFlow, fold: PlaneVector, null: PlaneVector, other: PlaneVector, shape: list[flint.arb], count: int
) -> tuple[list[flint.arb], list[flint.arb]]:
    rates, _ = flow.rates(_state(fold, null, other, shape), flow.temperature, count, 0, aligned=True)
    pairs = [(rates[0][k], rates[1][k]) for k in range(count)]
    speed = [flint.arb(0), flint.arb(0), *(_along(null, pair) for pair in pairs[2:])]
    return speed, [_along(other, pair) for pair in pairs]


def _correction(
    rates: Series, slopes: Matrix, null: PlaneVector, other: PlaneVector, shape: list[flint.arb], wanted: int
) -> list[flint.arb]:
    """One step of Newton's method for ``h' f = g``: coefficients of h from the known ones to those wanted."""
    length = len(shape)
    pairs = [(rates[0][k], rates[1][k]) for k in range(wanted)]
    f = [flint.arb(0), flint.arb(0), *(_along(null, pair) for pair in pairs[2:])]
    g = [_along(other, pair) for pair in pairs]
    tilt = [shape[k + 1] * (k + 1) for k in range(length - 1)]  # h'
    residual = (flint.arb_poly(g) - flint.arb_poly(tilt) * flint.arb_poly(f)).coeffs()
    residual += [flint.arb(0)] * (wanted - len(residual))
    count = max(wanted - length, 2)
    entries = [[(row[0][k], row[1][k]) for row in slopes[:2]] for k in range(count)]
    columns = [(_along(other, first), _along(other, second)) for first, second in entries]
    f_z = flint.arb_poly([_along(null, column) for column in columns])
    held = (flint.arb_poly([_along(other, column) for column in columns]) - flint.arb_poly(tilt) * f_z).coeffs()
    out: list[flint.arb] = []
    for k in range(length, wanted):
        pulled = sum((held[j] * out[k - j - length] for j in range(1, k - length + 1)), flint.arb(0))
        carried = sum((f[j] * (k - j + 1) * out[k - j + 1 - length] for j in range(2, k - length + 2)), flint.arb(0))
        out.append(-(residual[k] + pulled - carried) / held[0])
    return out


def _along(direction: PlaneVector, pair: PlaneVector) -> flint.arb:
    return direction[0] * pair[0] + direction[1] * pair[1]
