"""The free pair as two vectors in three dimensions, and every letter that formulas have for it."""

from functools import cached_property

import mpmath

mp = mpmath.mp.clone()
mp.dps = 50
STEP = mp.mpf(10) ** -14
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
            step = STEP
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


def rest_slopes(m1, m2, temperature):
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


ALIGNED = Pair(((mp.mpf("1.1"), mp.zero, mp.zero), (mp.mpf("-0.2"), mp.zero, mp.zero)))
NATURAL, PLAIN = Pair(), Pair(natural=False)


def letters(pair, *names):
    return [getattr(pair, name) for name in names]
