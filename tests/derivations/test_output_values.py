"""Each derived function has the value that its definition has, at a pair of means in three dimensions.

The checks of a derivation see the expressions that they are given; what `Derivation.output` is given may differ from
them. So the generated text is called here, and compared with numbers of another origin: the two means as vectors, their
velocities as theory section 3 writes them, and derivatives of what they do, by finite differences at many digits. The
identities hold for any psi and G, so simple functions stand for them.
"""

import ast
import inspect
import math
from functools import cached_property
from importlib import import_module
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
mp = mpmath.mp.clone()
mp.dps = 50
_STEP = mp.mpf(10) ** -14
_CLOSE = mp.mpf(10) ** -20
R, W1, T = mp.mpf("2.3"), mp.mpf("0.35"), mp.mpf("1.7")
MEANS = (mp.mpf("1.1"), mp.mpf("0.3"), mp.mpf("-0.4")), (mp.mpf("-0.2"), mp.mpf("0.9"), mp.mpf("0.6"))
FIVE = ("m1", "m2", "s11", "s12", "s22")
CENTRED = ("centre", "delta", "centre_square", "cross", "distance_square")
LOGS, ACROSS = ("s", "log_rho", "log_distance"), ("s", "log_rho", "log_across")


def psi(m):
    """Any function."""
    return mp.tanh(m / 3 + mp.mpf("0.2"))


def overlap(distance):
    """Any even function that falls."""
    return W1 * (1 - W1) / (1 + distance**2 / 7)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


class Pair:
    """Two means, the axis along the first coordinate, and every letter that formulas have for them."""

    def __init__(self, means=MEANS, temperature=T, psi=psi, natural=True, repulsion=None):
        self.means, self.temperature, self.psi_of = means, temperature, psi
        self.separation, self.family_weight, self.second_weight = R, W1, 1 - W1
        self.label_variance, self.excess, self.side, self.component_weight = W1 * (1 - W1), T - 1, mp.one, W1
        # per unit of the clock in the natural metric, in which the reduced flow is closed; any factors in the other
        mobilities = (1 / W1, 1 / (1 - W1)) if natural else (mp.mpf("0.8"), mp.mpf("1.3"))
        self.mobility_1, self.mobility_2 = mobilities
        self.attraction = mp.one if natural else mp.mpf("0.6")
        self.repulsion = repulsion or (temperature if natural else mp.mpf("1.9"))
        self.natural = natural

    def __getattr__(self, name):
        """Derivatives of psi at overlaps, and of G in D, by their names."""
        known = {"prime": 1, "second": 2, "third": 3, "fourth": 4}
        head, *rest = name.split("_")
        if head == "psi":
            place = {"1": self.m1, "2": self.m2, "s": self.s}[rest[-1]]
            return mp.diff(self.psi_of, place, known[rest[0]] if len(rest) == 2 else 0)
        if head == "overlap" and rest[0] in known:
            return mp.diff(overlap, self.distance, known[rest[0]])
        raise AttributeError(name)

    m1 = property(lambda self: R * self.means[0][0])
    m2 = property(lambda self: R * self.means[1][0])
    s11 = property(lambda self: dot(self.means[0], self.means[0]))
    s12 = property(lambda self: dot(*self.means))
    s22 = property(lambda self: dot(self.means[1], self.means[1]))
    s = property(lambda self: W1 * self.m1 + (1 - W1) * self.m2)
    delta = property(lambda self: self.m1 - self.m2)
    centre = property(lambda self: (self.m1 + self.m2) / 2)
    apart = property(lambda self: [a - b for a, b in zip(*self.means, strict=True)])
    middle = property(lambda self: [(a + b) / 2 for a, b in zip(*self.means, strict=True)])
    centre_square = property(lambda self: dot(self.middle, self.middle))
    cross = property(lambda self: dot(self.middle, self.apart))
    distance_square = property(lambda self: dot(self.apart, self.apart))
    perp = property(lambda self: mp.sqrt(self.across_square))
    across_square = property(lambda self: dot(self.apart[1:], self.apart[1:]))
    distance = property(lambda self: mp.sqrt(self.distance_square))
    cosine = property(lambda self: self.apart[0] / self.distance)
    cosine_squared = property(lambda self: self.cosine**2)
    sine_squared = property(lambda self: self.across_square / self.distance_square)
    log_rho = property(lambda self: mp.log(self.apart[0] / mp.sqrt(self.across_square)))
    log_distance = property(lambda self: mp.log(self.distance))
    log_across = property(lambda self: mp.log(self.across_square) / 2)
    overlap = property(lambda self: overlap(self.distance))
    overlap_in_square = property(lambda self: mp.diff(lambda x: overlap(2 * mp.sqrt(x)), self.distance_square / 4))

    @cached_property
    def slope(self):
        """K."""
        return R**2 * (self.psi_of(self.m1) - self.psi_of(self.m2)) / self.delta

    @property
    def slope_1(self):
        return mp.diff(lambda m: R**2 * (self.psi_of(m) - self.psi_of(self.m2)) / (m - self.m2), self.m1)

    @property
    def slope_2(self):
        return mp.diff(lambda m: R**2 * (self.psi_of(self.m1) - self.psi_of(m)) / (self.m1 - m), self.m2)

    def velocities(self):
        """Of both means: the pull of the axis and of the origin, and the push of the other one."""
        found, axis = [], (R, mp.zero, mp.zero)
        for mean, m, w, mobility, sign in zip(
            self.means, (self.m1, self.m2), (W1, 1 - W1), (self.mobility_1, self.mobility_2), (1, -1), strict=True
        ):
            pull = [self.attraction * w * (a * self.psi_of(m) - x) for a, x in zip(axis, mean, strict=True)]
            push = [sign * self.repulsion * self.overlap * x for x in self.apart]
            found.append([mobility * (one + two) for one, two in zip(pull, push, strict=True)])
        return found

    def rates(self, names):
        """Of letters, as their change along the velocities."""
        speeds = self.velocities()

        def moved(time, name):
            means = [
                [x + time * v for x, v in zip(mean, speed, strict=True)]
                for mean, speed in zip(self.means, speeds, strict=True)
            ]
            return getattr(Pair(tuple(means)), name)

        return [mp.diff(lambda time, name=name: moved(time, name), 0) for name in names]

    def slopes(self, names, build):
        """Rows of derivatives of the rates of letters by the letters, of pairs built from their values."""
        values = [getattr(self, name) for name in names]
        columns = []
        for place, here in enumerate(values):
            step = _STEP
            ends = [build(*values[:place], here + sign * step, *values[place + 1 :]).rates(names) for sign in (-1, 1)]
            columns.append([(after - before) / (2 * step) for before, after in zip(*ends, strict=True)])
        return [list(row) for row in zip(*columns, strict=True)]


def from_five(natural):
    """The pair of given overlaps and products."""

    def build(m1, m2, s11, s12, s22):
        a, b = m1 / R, m2 / R
        first = mp.sqrt(s11 - a**2)
        second = (s12 - a * b) / first
        return Pair(((a, first, mp.zero), (b, second, mp.sqrt(s22 - b**2 - second**2))), natural=natural)

    return build


def from_centred(centre, delta, square, cross, apart):
    first, last = square + cross + apart / 4, square - cross + apart / 4
    return from_five(False)(centre + delta / 2, centre - delta / 2, first, square - apart / 4, last)


def from_angle(s, log_rho, length, across):
    """The pair of given s, log rho and logarithm of its distance, or of its length across the axis."""
    rho = mp.exp(log_rho)
    perp = mp.exp(length) if across else mp.exp(length) / mp.sqrt(1 + rho**2)
    along = rho * perp
    first = (s / R + (1 - W1) * along, (1 - W1) * perp, mp.zero)
    return Pair((first, (s / R - W1 * along, -W1 * perp, mp.zero)))


def rest(m1, m2, temperature=T):
    """Rates of an aligned pair."""
    pair = Pair(((m1 / R, mp.zero, mp.zero), (m2 / R, mp.zero, mp.zero)), temperature)
    return [R * one[0] for one in pair.velocities()]


ALIGNED = Pair(((mp.mpf("1.1"), mp.zero, mp.zero), (mp.mpf("-0.2"), mp.zero, mp.zero)))
NATURAL, PLAIN = Pair(), Pair(natural=False)
CUBIC = Pair(psi=lambda m: 2 + m / 3 - m**2 / 5 + m**3 / 7)


def letters(pair, *names):
    return [getattr(pair, name) for name in names]


def gauss(pair):
    """Overlaps at the nodes of Gauss's rule of two points, as floats know it."""
    nodes = [mp.mpf(1) / mp.sqrt(3), -mp.mpf(1) / mp.sqrt(3)]
    assert np.allclose(sorted(map(float, nodes)), np.polynomial.legendre.leggauss(2)[0])
    return [pair.centre + node * pair.delta / 2 for node in nodes]


def mean_prime(m1, m2):
    """R^2 psi' averaged by that rule."""
    points = [(m1 + m2) / 2 + sign * (m1 - m2) / (2 * mp.sqrt(3)) for sign in (1, -1)]
    return R**2 * sum(mp.diff(psi, one) for one in points) / 2


def gauss_letters():
    plus, minus = gauss(NATURAL)
    return {
        f"psi_{name}_{end}": mp.diff(psi, place, order)
        for name, order in (("prime", 1), ("second", 2))
        for end, place in (("plus", plus), ("minus", minus))
    }


# Function: the pair, and the definition (values, rows of them, or one value).
DEFINITIONS = {
    "alignment.full_flow": (PLAIN, lambda p: _plain_rates(FIVE)),
    "alignment.alignment_rate": (NATURAL, lambda p: p.slope),
    "alignment.clock_pace": (PLAIN, lambda p: p.mobility_1 * W1 * p.attraction),
    "alignment.reduced_log_flow": (NATURAL, lambda p: p.rates(LOGS)),
    "growth_rate.coincident_growth": (NATURAL, lambda p: R**2 * mp.diff(psi, p.s)),
    "growth_rate.gauss_overlaps": (NATURAL, gauss),
    "growth_rate.growth_close": (NATURAL, lambda p: mean_prime(p.m1, p.m2)),
    "growth_rate.growth_close_slopes": (
        NATURAL,
        lambda p: [mp.diff(lambda m: mean_prime(m, p.m2), p.m1), mp.diff(lambda m: mean_prime(p.m1, m), p.m2)],
    ),
    "growth_rate.growth_apart": (NATURAL, lambda p: letters(p, "slope", "slope_1", "slope_2")),
    "growth_rate.close_averages": (CUBIC, lambda p: letters(p, "psi_1", "psi_2", "slope")),
    "growth_rate.close_slopes": (CUBIC, lambda p: letters(p, "psi_prime_1", "psi_prime_2", "slope_1", "slope_2")),
    "pair_coordinates.distance_squared": (NATURAL, lambda p: p.distance_square),
    "pair_coordinates.across_squared": (NATURAL, lambda p: p.across_square),
    "pair_coordinates.quarter_squared": (NATURAL, lambda p: p.distance_square / 4),
    "pair_coordinates.angle_near_axis": (NATURAL, lambda p: letters(p, "cosine", "cosine_squared", "sine_squared")),
    "pair_coordinates.angle_across_axis": (NATURAL, lambda p: letters(p, "cosine", "cosine_squared", "sine_squared")),
    "pair_coordinates.reduced_overlaps": (NATURAL, lambda p: letters(p, "m1", "m2")),
    "pair_coordinates.aligned_overlaps": (NATURAL, lambda p: letters(p, "m1", "m2")),
    "pair_coordinates.weighted_mean": (NATURAL, lambda p: p.s),
    "pair_coordinates.reduced_to_full": (
        Pair(((mp.mpf("1.1"), (1 - W1) * 2, mp.zero), (mp.mpf("-0.2"), -W1 * 2, mp.zero))),
        lambda p: letters(p, *FIVE),
    ),
    "pair_coordinates.across_places": (
        NATURAL,
        lambda p: [p.m1, p.m2, p.delta, p.distance_square / 4, p.across_square],
    ),
    "pair_coordinates.across_coordinates": (NATURAL, lambda p: letters(p, "s", "log_rho")),
    "pair_coordinates.across_start": (NATURAL, lambda p: letters(p, *ACROSS)),
    "pair_coordinates.log_stretch": (NATURAL, lambda p: p.log_distance - p.log_across),
    "pair_coordinates.run_places": (NATURAL, lambda p: [p.m1, p.m2, p.delta, mp.sqrt(p.across_square)]),
    "pair_coordinates.run_start": (NATURAL, lambda p: p.s),
    "pair_coordinates.centre_overlaps": (NATURAL, lambda p: letters(p, "m1", "m2")),
    "pair_coordinates.to_centre": (NATURAL, lambda p: _change(FIVE, CENTRED, from_five(True))),
    "pair_coordinates.from_centre": (NATURAL, lambda p: _change(CENTRED, FIVE, from_centred)),
    "pair_statistics.centre_flow": (PLAIN, lambda p: _plain_rates(CENTRED)),
    "summary_statistics.full_jacobian": (PLAIN, lambda p: _plain_slopes(FIVE, from_five(False))),
    "pair_statistics.centre_jacobian": (PLAIN, lambda p: _plain_slopes(CENTRED, from_centred)),
    "summary_statistics.full_flow_by_repulsion": (
        PLAIN,
        lambda p: mp.diff(lambda b: mp.matrix(Pair(natural=False, repulsion=b).rates(FIVE)), p.repulsion),
    ),
    "pair_statistics.reduced_log_jacobian": (
        NATURAL,
        lambda p: p.slopes(LOGS, lambda *at: from_angle(*at, across=False)),
    ),
    "pair_statistics.reduced_across_jacobian": (
        NATURAL,
        lambda p: p.slopes(ACROSS, lambda *at: from_angle(*at, across=True)),
    ),
    "pair_statistics.reduced_log_flow_by_temperature": (
        NATURAL,
        lambda p: [x - y for x, y in zip(Pair(temperature=T + 1).rates(LOGS), p.rates(LOGS), strict=True)],
    ),
    "fixed_points.aligned_rest": (ALIGNED, lambda p: rest(p.m1, p.m2)),
    "fixed_points.aligned_rest_jacobian": (ALIGNED, lambda p: _rest_slopes(p.m1, p.m2, T)),
    "fixed_points.saddle_node": (
        ALIGNED,
        lambda p: [*rest(p.m1, p.m2), mp.det(mp.matrix(_rest_slopes(p.m1, p.m2, T)))],
    ),
    "fixed_points.single_drift": (NATURAL, lambda p: R**2 * psi(p.s) - p.s),
    "fixed_points.single_drift_slope": (NATURAL, lambda p: mp.diff(lambda m: R**2 * psi(m) - m, p.s)),
    # across the axis, where nothing attracts the components differently
    "fixed_points.across_rate": (NATURAL, lambda p: p.rates(["log_across"])[0]),
    "fixed_points.across_push": (NATURAL, lambda p: p.rates(["log_across"])[0] + 1),
}


def _plain_rates(names):
    """Rates in the plain metric: the moved pair's letters need no factors."""
    return PLAIN.rates(names)


def _plain_slopes(names, build):
    return PLAIN.slopes(names, build)


def _change(before, after, build):
    """Derivatives of the letters of one kind by those of another, which are a linear change."""
    values = letters(NATURAL, *before)
    ends = [build(*(x + mp.mpf("0.01") * (j == k) for j, x in enumerate(values))) for k in range(5)]
    change = [[(y - x) * 100 for x, y in zip(letters(NATURAL, *after), letters(e, *after), strict=True)] for e in ends]
    return [list(row) for row in zip(*change, strict=True)]


def _rest_slopes(m1, m2, temperature):
    columns = [mp.diff(lambda m: mp.matrix(rest(m, m2, temperature)), m1),
               mp.diff(lambda m: mp.matrix(rest(m1, m, temperature)), m2)]  # fmt: skip
    return [[column[i] for column in columns] for i in range(2)]


class Special(Pair):
    """A pair with further letters."""

    def __init__(self, pair, **given):
        super().__init__(pair.means, pair.temperature, pair.psi_of, pair.natural)
        vars(self).update(given)

    def __getattribute__(self, name):
        """Given letters come before a pair's own."""
        known = super().__getattribute__("__dict__")
        return known[name] if name in known else super().__getattribute__(name)


def drift(m):
    """f."""
    return R**2 * psi(m) - m


def mean_rate(start, end):
    return R**2 * (psi(end) - psi(start)) / (end - start)


def _of_zero():
    """A pair with an overlap measured from a zero of f, and one point between its overlaps."""
    zero, offset, point = mp.findroot(drift, 4), mp.mpf("0.3"), mp.mpf("0.7")
    p = NATURAL
    return Special(
        p, offset=offset, mean_rate=mean_rate(zero, zero + offset), zero=zero,
        reach_1=(p.m1 - point) / p.delta, reach_2=(point - p.m2) / p.delta,
        mean_rate_1=mean_rate(point, p.m1), mean_rate_2=mean_rate(p.m2, point),
        explained=1 - p.overlap / p.label_variance, overlap_change=p.overlap - p.label_variance, drift_2=drift(p.m2),
        escape_rate=mp.mpf("0.2"),
    )  # fmt: skip


def _cosines():
    rho = mp.exp(NATURAL.log_rho)
    return Special(NATURAL, cotangent_squared=rho**2, log_cosine=mp.log(NATURAL.cosine))


def _length(dim, log_length):
    """The law of a length across the axis, in letters, and scipy's density of its logarithm."""
    half, scale = (dim - 1) / 2, 0.5
    typical = math.log(2 * (dim - 1)) / 2 + math.log(scale)
    norm = stats.chi(dim - 1).logpdf(math.sqrt(dim - 1)) + math.log(dim - 1) / 2
    p = Special(NATURAL, dim=dim, scale=mp.mpf(scale), half_freedom=mp.mpf(half), log_norm=mp.mpf(norm),
                log_gamma=mp.loggamma(half), stretch=mp.mpf(log_length - typical))  # fmt: skip
    length = math.exp(log_length) / (math.sqrt(2) * scale)
    return p, norm, stats.chi(dim - 1).logpdf(length) + math.log(length)


SHORT, SHORT_NORM, SHORT_DENSITY = _length(8, 0.3)
LONG, LONG_NORM, _ = _length(4000, 3.7)
ZERO, COSINES = _of_zero(), _cosines()
GAUSSIAN = Special(NATURAL, s0=mp.mpf("0.8"), variance=mp.mpf("0.49"), scale=mp.mpf("0.7"))
ON_SPHERE = Special(NATURAL, cosine=mp.mpf("0.4"), half_freedom=mp.mpf(3),
                    log_gamma_ratio=mp.loggamma(mp.mpf("3.5")) - mp.loggamma(3))  # fmt: skip
HOT = Special(NATURAL, threshold=mp.mpf(4), decay_time=mp.mpf(10))
BRANCH = Special(NATURAL, s=NATURAL.centre)


def _branch(s, delta):
    """The rate of the centre of an aligned pair of equal weights, and K, at a difference of the overlaps."""
    ends = psi(s + delta / 2), psi(s - delta / 2)
    return R**2 * sum(ends) / 2 - s, R**2 * (ends[0] - ends[1]) / delta


def _along_branch(p):
    """K, and its derivative along the curve on which the centre's rate is constant."""
    level = _branch(p.centre, p.delta)[0]

    def growth(delta):
        return _branch(mp.findroot(lambda s: _branch(s, delta)[0] - level, p.centre), delta)[1]

    return [p.slope, (growth(p.delta + _STEP) - growth(p.delta - _STEP)) / (2 * _STEP)]


def _fold(m1, m2, temperature):
    return [*rest(m1, m2, temperature), mp.det(mp.matrix(_rest_slopes(m1, m2, temperature)))]


def _fold_slopes(p):
    at, columns = (p.m1, p.m2, T), []
    for place in range(3):
        ends = [_fold(*(x + sign * _STEP * (j == place) for j, x in enumerate(at))) for sign in (-1, 1)]
        columns.append([(after - before) / (2 * _STEP) for before, after in zip(*ends, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


DEFINITIONS |= {
    "fixed_points.saddle_node_jacobian": (ALIGNED, _fold_slopes),
    "fixed_points.partner_drift": (ZERO, lambda p: mp.findroot(lambda f: W1 * f + (1 - W1) * drift(p.m2), 1)),
    "fixed_points.rest_temperature": (
        Special(ALIGNED, drift_2=drift(ALIGNED.m2)),
        lambda p: mp.findroot(lambda heat: rest(p.m1, p.m2, heat)[1], 1),
    ),
    "fixed_points.rest_surplus": (ZERO, lambda p: drift(p.m2) / (W1 * p.delta) - 1 - p.rates(["log_across"])[0]),
    "fixed_points.close_rest_surplus": (ZERO, lambda p: -p.slope - p.rates(["log_across"])[0]),
    "fixed_points.close_across_rate": (ZERO, lambda p: p.rates(["log_across"])[0]),
    "fixed_points.drift_from_zero": (ZERO, lambda p: drift(p.zero + p.offset)),
    "transient_gain.gain_quotient": (ZERO, lambda p: [R**2 * mp.diff(psi, p.s) - p.escape_rate, drift(p.s)]),
    "slow_annealing.branch_centre": (
        BRANCH,
        lambda p: [_branch(p.s, p.delta)[0], mp.diff(lambda s: _branch(s, p.delta)[0], p.s)],
    ),
    "slow_annealing.branch_growth": (NATURAL, _along_branch),
    "slow_annealing.branch_log_rho": (NATURAL, lambda p: p.log_rho),
    "slow_annealing.branch_overlap": (NATURAL, lambda p: mp.findroot(lambda g: 1 - p.slope - 4 * T * g, 0)),
    "slow_annealing.saturated_hot_clock": (
        HOT,
        lambda p: mp.quad(lambda heat: p.decay_time / (heat * (heat - 1)), [p.threshold, 40, mp.inf]),
    ),
    "summary_statistics.tempered_factors": (NATURAL, lambda p: [1 / T, 1]),
    "summary_statistics.free_energy_factors": (NATURAL, lambda p: [1, T]),
    "start_law.log_cosine": (COSINES, lambda p: mp.log(p.cosine)),
    "start_law.log_rho_of_cosine": (COSINES, lambda p: p.log_rho),
    "start_law.log_sine_squared": (COSINES, lambda p: mp.log(p.sine_squared)),
    "start_law.angle_of_cotangent": (COSINES, lambda p: letters(p, "cosine_squared", "sine_squared")),
    "start_law.log_typical_length": (SHORT, lambda p: mp.log(mp.sqrt(2 * (p.dim - 1)) * p.scale)),
    "start_law.log_length_norm": (SHORT, lambda p: SHORT_NORM),
    "start_law.log_length_norm_large": (LONG, lambda p: LONG_NORM),
    "start_law.log_length_density": (SHORT, lambda p: SHORT_DENSITY),
    "start_law.normal_exponent": (GAUSSIAN, lambda p: stats.norm(0, 0.7).logpdf(0.8) - stats.norm(0, 0.7).logpdf(0)),
    "start_law.log_normal_norm": (GAUSSIAN, lambda p: stats.norm(0, 0.7).logpdf(0)),
    "start_law.log_cosine_density": (ON_SPHERE, lambda p: stats.beta(3, 3).logpdf((1 + 0.4) / 2) - math.log(2)),
    "start_law.log_gamma_ratio_large": (
        LONG,
        lambda p: mp.loggamma(p.half_freedom + mp.mpf("0.5")) - mp.loggamma(p.half_freedom),
    ),
}


class OnSphere:
    """Two means of length R in three dimensions; psi and G stand for any functions."""

    separation, variance, temperature = R, mp.mpf("0.7"), T

    def __init__(self, means=None, temperature=T):
        rows = means or ((mp.mpf(6), mp.mpf(5), mp.mpf(-3)), (mp.mpf(-2), mp.mpf(7), mp.mpf(4)))
        self.means = [[R * x / mp.sqrt(dot(row, row)) for x in row] for row in rows]
        self.temperature = temperature

    m1 = property(lambda self: R * self.means[0][0])
    m2 = property(lambda self: R * self.means[1][0])
    psi_1, psi_2 = property(lambda self: psi(self.m1)), property(lambda self: psi(self.m2))
    slope = property(lambda self: R**2 * (self.psi_1 - self.psi_2) / (self.m1 - self.m2))
    pair_cosine = property(lambda self: dot(*self.means) / R**2)
    apart = property(lambda self: [a - b for a, b in zip(*self.means, strict=True)])
    middle = property(lambda self: [a + b for a, b in zip(*self.means, strict=True)])
    distance = property(lambda self: mp.sqrt(dot(self.apart, self.apart)))
    overlap = property(lambda self: overlap(self.distance))
    difference_cosine = property(lambda self: self.apart[0] / self.distance)
    sum_cosine = property(lambda self: self.middle[0] / mp.sqrt(dot(self.middle, self.middle)))
    overlap_sum = property(lambda self: self.m1 + self.m2)
    log_x = property(lambda self: mp.log(self.difference_cosine))
    log_rho = property(lambda self: mp.log(self.difference_cosine / mp.sqrt(self._off)))

    @property
    def _off(self):
        """Squared sine of the angle of the difference in the plane across the sum: what y leaves."""
        return 1 - self.sum_cosine**2 - self.difference_cosine**2

    def rates(self, names):
        """Pull of half the axis (w = 1/2) and push T G/v, each without its part along the mean."""
        speeds = []
        for mean, label, sign in zip(self.means, (self.psi_1, self.psi_2), (1, -1), strict=True):
            push = self.temperature * self.overlap / self.variance
            force = [a * label / 2 + sign * push * b for a, b in zip((R, 0, 0), self.apart, strict=True)]
            along = dot(force, mean) / R**2
            speeds.append([f - along * x for f, x in zip(force, mean, strict=True)])

        def moved(time, name):
            means = [[x + time * v for x, v in zip(*two, strict=True)] for two in zip(self.means, speeds, strict=True)]
            return getattr(type(self)(means), name)

        return [mp.diff(lambda time, name=name: moved(time, name), 0) for name in names]


class InPlane(OnSphere):
    """Two of them in a plane with the axis, by their angles from it."""

    def __init__(self, means=None, temperature=T):
        super().__init__(means or [(mp.cos(angle), mp.sin(angle), mp.zero) for angle in ("0.8", "-1.7")], temperature)

    psi_prime_1 = property(lambda self: mp.diff(psi, self.m1))
    angle_1 = property(lambda self: mp.atan2(self.means[0][1], self.means[0][0]))
    angle_2 = property(lambda self: mp.atan2(self.means[1][1], self.means[1][0]))


class Widening:
    """A mean of a label, here u^4, over a Gaussian u about m of variance R^2 v; and a Gaussian of variance v."""

    separation, variance, m1, dim = R, mp.mpf("0.7"), mp.mpf("1.3"), 5

    def mean(self, m, log_variance):
        spread = R**2 * mp.exp(log_variance)
        return m**4 + 6 * m**2 * spread + 3 * spread**2

    psi_second_1 = property(lambda self: mp.diff(lambda m: self.mean(m, mp.log(self.variance)), self.m1, 2))

    @property
    def divergence(self):
        """KL(N(0, v I_d) || N(0, I_d)), as an integral over each coordinate."""
        own = self.variance

        def density(x, variance):
            return mp.exp(-(x**2) / (2 * variance)) / mp.sqrt(2 * mp.pi * variance)

        return self.dim * mp.quad(
            lambda x: density(x, own) * mp.log(density(x, own) / density(x, 1)), mp.linspace(-12, 12, 13)
        )


BALLS, PLANE, WIDENING = OnSphere(), InPlane(), Widening()
_SPHERE = ("log_x", "overlap_sum", "pair_cosine")
DEFINITIONS |= {
    "sphere_flow.sphere_pair_flow": (BALLS, lambda p: p.rates(_SPHERE)),
    "sphere_flow.sphere_overlaps": (BALLS, lambda p: letters(p, "m1", "m2", "distance")),
    "sphere_flow.sphere_start": (BALLS, lambda p: letters(p, "log_x", "overlap_sum")),
    "sphere_flow.sphere_pair_flow_by_temperature": (
        BALLS,
        lambda p: [x - y for x, y in zip(OnSphere(p.means, T + 1).rates(_SPHERE), p.rates(_SPHERE), strict=True)],
    ),
    "sphere_flow.cosine_of_difference": (BALLS, lambda p: p.difference_cosine),
    "sphere_flow.cosine_of_sum": (BALLS, lambda p: p.sum_cosine),
    "sphere_flow.overlap_argument": (
        BALLS,
        lambda p: [
            dot(p.apart, p.apart) / (4 * p.variance),
            mp.diff(lambda z: dot(p.apart, p.apart) * (z / p.distance) ** 2 / 4, p.distance / mp.sqrt(p.variance)),
        ],
    ),
    "sphere_rest.plane_places": (PLANE, lambda p: letters(p, "m1", "m2", "distance")),
    "sphere_rest.rest_pull": (PLANE, lambda p: psi(p.m1) * p.means[0][1] / R),
    "sphere_rest.rest_pull_slope": (
        PLANE,
        lambda p: mp.diff(lambda a: psi(R**2 * mp.cos(a)) * mp.sin(a), p.angle_1),
    ),
    "sphere_rest.plane_flow": (PLANE, lambda p: p.rates(("angle_1", "angle_2"))),
    "sphere_rest.width_divergence": (WIDENING, lambda p: p.divergence),
    "sphere_flow.label_widening": (
        WIDENING,
        lambda p: mp.diff(lambda log_variance: p.mean(p.m1, log_variance), mp.log(p.variance)),
    ),
    "trapping.distance_ceiling": (
        NATURAL,
        lambda p: mp.findroot(lambda heat: 1 - R**2 * mp.diff(psi, p.s) - heat * p.overlap / p.label_variance, 1),
    ),
}


def flat(value):
    if isinstance(value, tuple | list | mp.matrix):
        return [leaf for one in value for leaf in flat(one)]
    return [mp.mpf(value)]


# Where scipy gives the number, or a series leaves something out.
_FLOATS = dict.fromkeys(
    ("start_law.log_length_norm", "start_law.log_length_density", "start_law.normal_exponent",
     "start_law.log_normal_norm", "start_law.log_cosine_density", "start_law.log_length_norm_large"), 1e-11,
) | {"start_law.log_gamma_ratio_large": 1e-11}  # fmt: skip


def called(function, pair):
    """The generated function with the letters of a pair, in mpmath where it has such a form."""
    module, name = function.split(".")
    try:
        known = getattr(import_module(f"anneal_theory.formulas.{module}_mp"), name)
    except (ImportError, AttributeError):
        known = getattr(import_module(f"anneal_theory.formulas.{module}"), name)
    special = gauss_letters() if "growth_close" in name else {}
    given = {one: special[one] if one in special else mp if one == "ctx" else getattr(pair, one)
             for one in inspect.signature(known).parameters}  # fmt: skip
    if np.exp in vars(import_module(known.__module__)).values() or "numpy" in inspect.getsource(
        import_module(known.__module__)
    ):
        inexact = ("exp(", "log(", "sqrt(", "logaddexp(", "log1p(", "expm1(", "sin(", "cos(")
        exact = all(one not in inspect.getsource(known) for one in inexact)
        if not exact and "ctx" not in given:
            return flat(known(**{one: float(value) for one, value in given.items()})), mp.mpf("1e-13")
    return flat(known(**given)), _CLOSE


@pytest.mark.parametrize("function", DEFINITIONS)
def test_a_derived_function_has_the_value_of_its_definition(function):
    pair, definition = DEFINITIONS[function]
    values, close = called(function, pair)
    wanted = flat(definition(pair))
    close = max(close, _FLOATS.get(function, 0))
    assert any(wanted)
    for value, right in zip(values, wanted, strict=True):
        assert abs(value - right) <= close * max(1, abs(right))


# Not yet compared here: numbers made of them are, in the tests of the modules that use them.
NUMBERS_ELSEWHERE = {
    f"{module}.{name}"
    for module, names in {
        "fixed_points": "divergence",
        "gradient": "logit_gradient mean_pull mode_pull variance_slope",
        "gradient_noise": "noise_across noise_in_plane spread_after typical_length",
        "hot_phase": (
            "hot_distance_squared_hot hot_distance_squared_leading hot_distance_squared_warm lambert_argument"
        ),
        "label_overlap": "explained_density explained_share information_by_distance overlap_large overlap_small",
        "large_separation": (
            "collapsed_overlap_large escape_rate_large fold_distance_large "
            "fold_place_large log_critical_temperature_large start_rate_large"
        ),
        "pair_statistics": "overlap_log_jacobian",
        "saddle_node": ("critical_separation_jacobian critical_separation_system fold_normal_form fold_null_vector"),
        "slow_annealing": "slow_threshold",
        "slow_passage": "passage_coefficients passage_offset passage_wall ramp_scale",
        "slow_prefactor": "bend_of_the_ramp drift_of_the_orbit passage_time refined_prefactor",
        "sphere_flow": (
            "log_variance_flow sphere_pair_flow_by_log_variance sphere_pair_jacobian sphere_trapping_ceiling"
        ),
        "sphere_formulas": (
            "antipodal_growth antipodal_surplus antipodal_surplus_slope bias_of_target hot_growth "
            "laplace_bend laplace_exponent laplace_threshold log_passage_threshold paper_exponent "
            "paper_threshold passage_distance passage_integrand passage_rates passage_sum passage_turn "
            "stability_constant_of"
        ),
        "sphere_variance": "lagging_variance lagging_variance_even relaxing_variance variance_rate",
        "transient_gain": "dimension_exponent gain_exponent gain_small_start symmetric_probability",
        "trapping": "overlap_ceiling",
    }.items()
    for name in names.split()
}


def generated():
    """Every derived function but those of schedules, which are compared with integrals in tests/schedules."""
    for file in (ROOT / "anneal_theory" / "formulas").glob("*.py"):
        module = file.stem
        if not module.startswith(("schedules", "equations", "__")):
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{module.removesuffix('_mp')}.{node.name}"


def test_every_derived_function_has_a_definition_here_or_numbers_elsewhere():
    known = set(generated())
    assert set(DEFINITIONS) | NUMBERS_ELSEWHERE == known
    assert not set(DEFINITIONS) & NUMBERS_ELSEWHERE
