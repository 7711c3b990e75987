"""Each derived function has the value that its definition has, at a pair of means in three dimensions.

The checks of a derivation see the expressions that they are given; what `Derivation.output` is given may differ from
them. So the generated text is called here, and compared with numbers of another origin: the two means as vectors, their
velocities as theory section 3 writes them, and derivatives of what they do, by finite differences at many digits. The
identities hold for any psi and G, so simple functions stand for them.
"""

import inspect
from functools import cached_property
from importlib import import_module

import mpmath
import numpy as np
import pytest

from derivations.emit import derivations

mp = mpmath.mp.clone()
mp.dps = 50
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
            step = mp.mpf(10) ** -14
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


def flat(value):
    if isinstance(value, tuple | list | mp.matrix):
        return [leaf for one in value for leaf in flat(one)]
    return [mp.mpf(value)]


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
        exact = all(one not in inspect.getsource(known) for one in ("exp(", "log(", "sqrt(", "logaddexp("))
        if not exact and "ctx" not in given:
            return flat(known(**{one: float(value) for one, value in given.items()})), mp.mpf("1e-13")
    return flat(known(**given)), _CLOSE


@pytest.mark.parametrize("function", DEFINITIONS)
def test_a_derived_function_has_the_value_of_its_definition(function):
    pair, definition = DEFINITIONS[function]
    values, close = called(function, pair)
    wanted = flat(definition(pair))
    assert any(wanted)
    for value, right in zip(values, wanted, strict=True):
        assert abs(value - right) <= close * max(1, abs(right))


def test_every_definition_is_of_an_output():
    assert set(DEFINITIONS) <= {f"{one.name}.{name}" for one in derivations() for name in one.outputs}
