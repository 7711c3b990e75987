"""Definitions of the derived functions of a pair on the sphere: two means of length R as vectors."""

from tests.derivations.vector_pairs import NATURAL, W1, R, T, dot, letters, mp, overlap, psi

EQUAL = mp.mpf("0.5")


class OnSphere:
    """Two means of length R in three dimensions; psi and G stand for any functions."""

    separation, variance, temperature = R, mp.mpf("0.7"), T

    def __init__(self, means=None, temperature=T, family_weight=EQUAL):
        self.family_weight = self.component_weight = family_weight
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
        """Pull of w_i times the axis and push T G/v, each without its part along the mean."""
        speeds, weights = [], (self.family_weight, 1 - self.family_weight)
        for mean, label, sign, weight in zip(self.means, (self.psi_1, self.psi_2), (1, -1), weights, strict=True):
            push = self.temperature * self.overlap / self.variance
            force = [weight * a * label + sign * push * b for a, b in zip((R, 0, 0), self.apart, strict=True)]
            along = dot(force, mean) / R**2
            speeds.append([f - along * x for f, x in zip(force, mean, strict=True)])

        def moved(time, name):
            means = [[x + time * v for x, v in zip(*two, strict=True)] for two in zip(self.means, speeds, strict=True)]
            return getattr(type(self)(means), name)

        return [mp.diff(lambda time, name=name: moved(time, name), 0) for name in names]


class Parted(OnSphere):
    """Two of them whose components differ in variance: what is told of their label is the integral of sqrt(n1 n2)."""

    variance_1, variance_2, dim = mp.mpf("0.7"), mp.mpf("0.9"), 5

    def __init__(self, means=None, temperature=T):
        super().__init__(means, temperature, W1)

    @staticmethod
    def told(apart, variance_1, variance_2):
        """-8 log of the integral of sqrt(n1 n2) over a coordinate in which the means are so far apart."""

        def root(x):
            exponent = -(x**2) / (4 * variance_1) - (x - apart) ** 2 / (4 * variance_2)
            return mp.exp(exponent) / mp.sqrt(2 * mp.pi * mp.sqrt(variance_1 * variance_2))

        return -8 * mp.log(mp.quad(root, mp.linspace(-16, 20, 19)))

    @property
    def variance(self):
        """Of two components of one variance that push like these."""
        apart, alike = (self.told(x, self.variance_1, self.variance_2) for x in (self.distance, mp.zero))
        return self.distance**2 / (apart - alike)

    @property
    def label_distance(self):
        apart, alike = (self.told(x, self.variance_1, self.variance_2) for x in (self.distance, mp.zero))
        return mp.sqrt(apart + (self.dim - 1) * alike)

    overlap = property(lambda self: overlap(self.label_distance))

    def widenings(self):
        """Rates of log v1 and log v2: each to its pull, and apart by what coordinates across the means tell."""
        v1, v2, temperature = self.variance_1, self.variance_2, self.temperature
        pulls = [2 * w * (temperature / v - 1) for w, v in ((W1, v1), (1 - W1, v2))]
        slopes = [mp.diff(lambda v: self.told(0, v, v2), v1), mp.diff(lambda v: self.told(0, v1, v), v2)]
        return [pull + 2 * temperature * self.overlap * slope for pull, slope in zip(pulls, slopes, strict=True)]

    def all_rates(self):
        return [*self.rates(_OVERLAPS), *self.widenings()]


class InPlane(OnSphere):
    """Two of them in a plane with the axis, by their angles from it."""

    def __init__(self, means=None, temperature=T):
        rows = [(mp.cos(angle), mp.sin(angle), mp.zero) for angle in ("0.8", "-1.7")]
        super().__init__(means or rows, temperature, W1)

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
PARTED = Parted()
_OVERLAPS = ("m1", "m2", "pair_cosine")
_SPHERE = ("log_x", "overlap_sum", "pair_cosine")
DEFINITIONS = {
    "sphere_flow.sphere_pair_flow": (BALLS, lambda p: p.rates(_SPHERE)),
    "sphere_flow.sphere_overlaps": (BALLS, lambda p: letters(p, "m1", "m2", "distance")),
    "sphere_flow.sphere_start": (BALLS, lambda p: letters(p, "log_x", "overlap_sum")),
    "sphere_flow.sphere_pair_flow_by_temperature": (
        BALLS,
        lambda p: [x - y for x, y in zip(OnSphere(p.means, T + 1).rates(_SPHERE), p.rates(_SPHERE), strict=True)],
    ),
    "sphere_means.sphere_means_flow": (PARTED, lambda p: p.all_rates()),
    "sphere_means.sphere_means_flow_by_temperature": (
        PARTED,
        lambda p: [x - y for x, y in zip(Parted(p.means, T + 1).all_rates(), p.all_rates(), strict=True)],
    ),
    "sphere_means.label_distance": (PARTED, lambda p: p.label_distance),
    "sphere_means.variance_return": (
        PARTED,
        lambda p: sum(
            (v - 1) * v * rate
            for v, rate in zip((p.variance_1, p.variance_2), Parted(p.means, mp.one).widenings(), strict=True)
        ),
    ),
    "sphere_flow.cosine_of_difference": (BALLS, lambda p: p.difference_cosine),
    "sphere_flow.cosine_of_sum": (BALLS, lambda p: p.sum_cosine),
    "sphere_flow.sum_of_overlaps": (BALLS, lambda p: p.overlap_sum),
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
        lambda p: mp.findroot(lambda ceiling: 1 - R**2 * mp.diff(psi, p.s) - ceiling * p.overlap / p.label_variance, 1),
    ),
}
