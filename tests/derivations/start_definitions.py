"""Definitions of the derived functions of starts, of the slow passage, and of means over a mixture."""

from types import SimpleNamespace

from tests.derivations.rest_definitions import drift
from tests.derivations.sphere_definitions import BALLS, WIDENING, InPlane, OnSphere
from tests.derivations.vector_pairs import ALIGNED, NATURAL, W1, R, Special, dot, letters, mp, rest


def _normal(variance):
    """The density of a Gaussian of mean 0."""
    return lambda x: mp.exp(-(x**2) / (2 * variance)) / mp.sqrt(2 * mp.pi * variance)


def _mean(function, variance=mp.one):
    """E f(z) for a Gaussian z and an even f."""
    density = _normal(variance)
    return 2 * mp.quad(lambda x: function(x) * density(x), [0, 1, 4, 12, mp.inf])


def _chance_argument(p, length):
    """z where erf(z) is the chance that a difference N(0, 2 sigma^2) along the axis is within rho times a length."""
    density = _normal(2 * p.scale**2)
    return mp.erfinv(2 * mp.quad(density, [0, p.rho * length]))


def _log_term(p, z, centre):
    """log of a component at a centre, where one of variance v at 0 is at z."""
    return mp.log(p.component_weight * _normal(p.density_variance)(mp.sqrt(p.variance) * z - centre))


def _loss(p):
    """E_i[log q - beta log p] of one component against one mode, the means apart along one of three coordinates."""
    own, mode = _normal(p.variance), _normal(mp.one)

    def mean(x, apart):
        return own(x) * (mp.log(own(x)) - p.beta * mp.log(mode(x - apart)))

    whole = mp.linspace(-12, 12, 13)
    return mp.quad(lambda x: mean(x, p.apart_by), whole) + 2 * mp.quad(lambda x: mean(x, 0), whole)


def _across_sum():
    """The cosine of a difference with the part of the axis across the sum, and that of the sum, of vectors."""
    total = [x / mp.sqrt(dot(BALLS.middle, BALLS.middle)) for x in BALLS.middle]
    across = [axis - total[0] * x for axis, x in zip((1, 0, 0), total, strict=True)]
    cosine = dot(BALLS.apart, across) / (BALLS.distance * mp.sqrt(dot(across, across)))
    return SimpleNamespace(cosine=cosine, sum_cosine=BALLS.sum_cosine)


def _shared(p, density):
    """The integral of a function of both components' weighted densities and their sum, the means at 0 and 1.3."""
    normal, weight = _normal(mp.one), p.component_weight

    def parts(x):
        own, other = weight * normal(x), (1 - weight) * normal(x - mp.mpf("1.3"))
        return density(own, other, own + other)

    return mp.quad(parts, mp.linspace(-12, 14, 14))


def _balanced(p, pull=mp.zero, push=mp.zero):
    """v at which T - v, the largest pull over d and the largest push over d balance."""
    return mp.findroot(lambda v: p.temperature - v + (pull * mp.sqrt(v) - push * p.temperature) / p.dim, p.temperature)


_STEEPEST = mp.quad(lambda u: mp.sech(u) ** 2, [-mp.inf, 0, mp.inf]) * _normal(mp.one)(0)  # of psi', for R sqrt(v) = 1
_PLACE = mp.findroot(lambda z: mp.diff(lambda x: x**2 * mp.exp(-(x**2) / 8), z), 3)  # where z^2 G is largest
_PUSH = _PLACE**2 * mp.exp(-(_PLACE**2) / 8) / 4
TRAINED = SimpleNamespace(separation=R, temperature=mp.mpf("1.7"), dim=5)
SHARED = SimpleNamespace(component_weight=W1)
SHARED.share_power_1 = _shared(SHARED, lambda own, other, whole: own * other / whole / W1)
MANY = Special(NATURAL, dim=7, scale=mp.mpf("0.6"), variance=mp.mpf("0.36"), rho=mp.mpf("0.3"),
               cotangent_squared=mp.mpf("0.09"))  # fmt: skip
MANY_LENGTH = mp.sqrt(7 * _mean(lambda x: x**2, 2 * MANY.variance))
ANGLED = Special(NATURAL, rho=mp.exp(NATURAL.log_rho))
MOMENT = Special(NATURAL, gain_exponent=mp.mpf("1.7"), moment_gamma=mp.gamma(mp.mpf("1.35")))
TERM = SimpleNamespace(variance=mp.mpf("0.7"), density_variance=mp.mpf("1.2"), component_weight=W1,
                       distance_square=mp.mpf("1.69"))  # fmt: skip
LOSS = SimpleNamespace(variance=mp.mpf("0.7"), beta=mp.mpf("0.6"), dim=3, apart_by=mp.mpf("1.3"), own_log_sum=0,
                       mode_log_sum=-mp.mpf("1.69") / 2)  # fmt: skip
TWO_POINTS = SimpleNamespace(share_product=W1 * (1 - W1), distance_square=mp.mpf("1.69"))

COOLED = SimpleNamespace(initial_temperature=mp.mpf(30), final_temperature=mp.mpf("1.15"), escape_rate=mp.mpf("0.02"),
                         critical_temperature=mp.mpf("5.6"), passage_drive=mp.mpf("0.05"), alignment_asked=mp.mpf(7),
                         price=mp.mpf(3), dim=128, mean_inverse_gain=mp.mpf("0.4"),
                         collapse_chance=mp.mpf("1e-6"))  # fmt: skip


def _price(p, temperature, clock_rate):
    """Time until the final temperature, over twice the clock until the critical one."""
    times = [mp.findroot(lambda x, level=level: temperature(p, x) - level, 2) for level in
             (p.final_temperature, p.critical_temperature)]  # fmt: skip
    return times[0] / (2 * mp.quad(lambda x: clock_rate(temperature(p, x)), [0, times[1]]))


def _above_one(p, x):
    return 1 + (p.initial_temperature - 1) * mp.exp(-x)


def _to_one(p, x):
    return p.initial_temperature * mp.exp(-x)


def _wall(p):
    """log rho where the straight line begins that K_0 tends to before the exponential wall, a solution there."""
    small = mp.mpf(10) ** -30  # the next term of K_0 is its square
    vanishes = mp.log(small) + mp.besselk(0, small)  # of the tangent in the logarithm of the argument
    return mp.log(p.passage_drive * p.passage_tilt) / 2 - mp.log(p.passage_growth) - vanishes


ON_RAMP = SimpleNamespace(passage_drive=mp.mpf("0.05"), passage_tilt=mp.mpf(10), passage_growth=mp.mpf("0.3"),
                          ramp_scale=mp.mpf("0.07"), ramp_rate=mp.mpf("0.007"),
                          airy_zero=-mp.airyaizero(1))  # fmt: skip
SECOND = Special(ALIGNED, drift=drift(ALIGNED.m2), component_weight=1 - W1)
TRAPPED = InPlane([(mp.cos(angle), mp.sin(angle), mp.zero) for angle in ("0.8", "0.3")])
BENT = SimpleNamespace(escape_rate=mp.mpf("0.02"), airy_zero=-mp.airyaizero(1), ramp_bend=mp.mpf("0.3"),
                       ramp_scale=mp.mpf("0.07"), ramp_rate=mp.mpf("0.007"), wall_sensitivity=mp.mpf("0.7"),
                       orbit_sensitivity=mp.mpf("0.35"))  # fmt: skip
QUOTIENT = Special(NATURAL, label_quotient=(NATURAL.psi_1 - NATURAL.psi_2) / NATURAL.delta)
FOLDED = SimpleNamespace(fold_bend=mp.mpf("-0.3"), fold_drive=mp.mpf("-0.2"), temperature_drop=mp.mpf("0.4"))
WIDTH = mp.log(R * mp.sqrt(WIDENING.variance))
WIDER = SimpleNamespace(width_slope=mp.diff(lambda u: WIDENING.mean(WIDENING.m1, 2 * (u - mp.log(R))), WIDTH))
HELD = Special(NATURAL, stability_constant=mp.mpf("0.6"))
DEFINITIONS = {
    "component_noise.overlap_of_share": (
        SHARED,  # E_q[r_1 r_2]
        lambda p: _shared(p, lambda own, other, whole: whole * (own / whole) * (other / whole)),
    ),
    "sphere_variance.variance_ceiling": (TRAINED, lambda p: _balanced(p, p.separation**2 * _STEEPEST / p.separation)),
    "sphere_variance.variance_floor": (TRAINED, lambda p: _balanced(p, push=_PUSH)),
    "start_law.length_deviation": (
        MANY,  # of the curvature of the law of log r at its top
        lambda p: 1 / mp.sqrt(-mp.diff(lambda u: (p.dim - 1) * (u - mp.exp(2 * u) / 2), 0, 2)),
    ),
    "start_law.log_chance_offset": (MANY, lambda p: mp.log(_chance_argument(p, mp.exp(p.log_across)) / p.rho)),
    "start_law.log_chance_offset_large": (MANY, lambda p: mp.log(_chance_argument(p, MANY_LENGTH) / p.rho)),
    "start_law.chance_argument_squared": (MANY, lambda p: _chance_argument(p, MANY_LENGTH) ** 2),
    "start_law.distance_squared_large": (MANY, lambda p: MANY_LENGTH**2),
    "start_law.log_distance_large": (MANY, lambda p: mp.log(MANY_LENGTH)),
    "start_law.centre_variance": (
        MANY,
        lambda p: sum(_mean(lambda z, w=w: (R * w * z) ** 2, p.variance) for w in (W1, 1 - W1)),
    ),
    "start_law.centre_deviation": (MANY, lambda p: mp.sqrt(2 * _mean(lambda z: (R * z / 2) ** 2, p.variance))),
    "start_law.difference_deviation": (MANY, lambda p: mp.sqrt(_mean(lambda z: z**2, 2 * p.variance))),
    "transient_gain.absolute_moment_of": (MOMENT, lambda p: _mean(lambda z: z**p.gain_exponent)),
    "pair_coordinates.across_products": (
        NATURAL,
        lambda p: [dot(a[1:], b[1:]) for a, b in ((p.means[i], p.means[j]) for i, j in ((0, 0), (0, 1), (1, 1)))],
    ),
    "pair_coordinates.aligned_squares": (ALIGNED, lambda p: letters(p, "s11", "s22")),
    "pair_coordinates.axis_cosine": (NATURAL, lambda p: p.cosine),
    "pair_coordinates.cotangent_of": (NATURAL, lambda p: p.apart[0] / mp.sqrt(p.across_square)),
    "pair_coordinates.log_cotangent_of": (NATURAL, lambda p: p.log_rho),
    "pair_coordinates.distance_of": (NATURAL, lambda p: p.distance),
    "pair_coordinates.pair_of_angle": (ANGLED, lambda p: letters(p, "delta", "perp")),
    "responsibilities.softmax_offset": (
        TERM,  # beside what a component of the same place and weight 1 has
        lambda p: _log_term(p, 0, mp.sqrt(p.distance_square)) - _log_term(p, 0, 0) + mp.log(p.component_weight),
    ),
    "responsibilities.softmax_reach": (
        TERM,
        lambda p: mp.diff(lambda z: _log_term(p, z, 1) - _log_term(p, z, 0), mp.mpf("0.4")),
    ),
    "responsibilities.component_loss": (LOSS, _loss),
    "responsibilities.spread_part": (
        TWO_POINTS,  # of shares w1 and w2 at 0 and at their distance: each of the two pairs has half
        lambda p: ((1 - W1) * p.distance_square - ((1 - W1) * mp.sqrt(p.distance_square)) ** 2) / 2,
    ),
    "sphere_flow.pair_cosine_of": (BALLS, lambda p: p.pair_cosine),
    "sphere_flow.turned_cosine": (_across_sum(), lambda p: BALLS.difference_cosine),
    "sphere_flow.sphere_log_rho": (BALLS, lambda p: p.log_rho),
    "sphere_flow.overlap_variance": (WIDENING, lambda p: _mean(lambda z: (R * z) ** 2, p.variance)),
    "sphere_flow.label_width": (WIDENING, lambda p: mp.sqrt(_mean(lambda z: (R * z) ** 2, p.variance))),
    "sphere_flow.scaled_distance": (
        BALLS,  # from the overlap exp(-z^2/8) of the roots of two densities
        lambda p: mp.sqrt(
            -8
            * mp.log(
                2
                * mp.quad(
                    lambda x: mp.sqrt(
                        _normal(p.variance)(x - p.distance / 2) * _normal(p.variance)(x + p.distance / 2)
                    ),
                    [0, 1, 4, 12],
                )
            )
        ),
    ),
    "growth_rate.growth_of_quotient": (QUOTIENT, lambda p: p.slope),
    "sphere_flow.widening_of": (
        WIDER,
        lambda p: mp.diff(lambda log_variance: WIDENING.mean(WIDENING.m1, log_variance), mp.log(WIDENING.variance)),
    ),
    "saddle_node.fold_offset": (
        FOLDED,
        lambda p: mp.findroot(lambda y: p.fold_bend * y**2 - p.fold_drive * p.temperature_drop, 1),
    ),
    "trapping.overlap_ceiling": (
        SECOND,
        lambda p: mp.findroot(lambda temperature: rest(p.m1, p.m2, temperature)[1], 1),
    ),
    "sphere_flow.sphere_trapping_ceiling": (
        TRAPPED,  # the second mean as near to the axis as its angle with the first lets it be
        lambda p: mp.findroot(lambda temperature: OnSphere(p.means, temperature, p.family_weight).rates(("m1",))[0], 3),
    ),
    "slow_prefactor.bend_of_the_ramp": (
        BENT,  # the first zero of u'' = (z - e z^2) u to first order in e, in the clock z/alpha
        lambda p: (
            p.escape_rate
            * p.ramp_bend
            / (2 * p.ramp_scale**2)
            * mp.quad(lambda z: (z * mp.airyai(z)) ** 2, [-p.airy_zero, 0, 4, 12, 30])
            / mp.airyai(-p.airy_zero, derivative=1) ** 2
        ),
    ),
    "slow_prefactor.drift_of_the_orbit": (
        BENT,  # of an orbit with log rho = tau, that a degree changes by 0.7 e^(2 tau), up to its wall at tau = 0
        lambda p: (
            p.escape_rate
            * p.ramp_rate
            * mp.quad(lambda x: mp.mpf("1.4") * mp.exp(2 * x) * (p.airy_zero / p.ramp_scale - x), [-80, -20, -5, 0])
        ),
    ),
    "slow_passage.ramp_scale": (
        ON_RAMP,
        lambda p: mp.findroot(lambda k: k**3 - p.passage_drive * p.ramp_rate, 0.1),
    ),
    "slow_passage.passage_wall": (ON_RAMP, _wall),
    "sphere_formulas.stability_temperature": (
        HELD,
        lambda p: mp.findroot(lambda temperature: R**2 / temperature - p.stability_constant, 8),
    ),
    "optimal_schedule.exponential_price": (
        COOLED,
        lambda p: _price(p, _above_one, lambda temperature: 1 / (2 * temperature)),
    ),
    "optimal_schedule.exponential_to_one_price": (
        COOLED,
        lambda p: _price(p, _to_one, lambda temperature: 1 / (2 * temperature)),
    ),
    "optimal_schedule.exponential_price_free": (COOLED, lambda p: _price(p, _above_one, lambda _: mp.mpf(1) / 2)),
    "optimal_schedule.exponential_to_one_price_free": (COOLED, lambda p: _price(p, _to_one, lambda _: mp.mpf(1) / 2)),
    "optimal_schedule.alignment_cost": (
        COOLED,  # of a clock in which log rho grows by what is asked, of which a unit costs twice the price
        lambda p: mp.findroot(lambda time: p.escape_rate * time / (2 * p.price) - p.alignment_asked, 100),
    ),
    "optimal_schedule.alignment_needed": (
        COOLED,  # a narrow slab holds so much of N(0, 1/d), and log rho has grown by L when a start leaves it
        lambda p: mp.log(
            mp.diff(lambda x: mp.erf(x * mp.sqrt(p.dim / 2)), 0) * p.mean_inverse_gain / p.collapse_chance
        ),
    ),
    "optimal_schedule.passage_cost_free": (
        COOLED,
        lambda p: (
            2
            * mp.quad(
                lambda y: 1 / (p.passage_drive * y**2 + p.initial_temperature - p.critical_temperature),
                [-mp.inf, 0, mp.inf],
            )
        ),
    ),
    "optimal_schedule.pulse_temperature": (
        COOLED,
        lambda p: mp.findroot(
            lambda temperature: mp.diff(lambda one: one / mp.sqrt(one - p.critical_temperature), temperature),
            1.8 * p.critical_temperature,
        ),
    ),
    "optimal_schedule.passage_cost": (
        COOLED,  # the line from end to end, with a c = a
        lambda p: (
            2
            * p.initial_temperature
            * mp.quad(
                lambda y: 1 / (p.passage_drive * y**2 + p.initial_temperature - p.critical_temperature),
                [-mp.inf, 0, mp.inf],
            )
        ),
    ),
}
