"""Definitions of the derived functions of the free flow: rates, growth rates, places and Jacobians."""

import numpy as np

from tests.derivations.vector_pairs import (
    ACROSS,
    ALIGNED,
    CENTRED,
    FIVE,
    LOGS,
    NATURAL,
    PLAIN,
    W1,
    Pair,
    R,
    T,
    from_angle,
    from_centred,
    from_five,
    letters,
    mp,
    psi,
    rest,
    rest_slopes,
)

CUBIC = Pair(psi=lambda m: 2 + m / 3 - m**2 / 5 + m**3 / 7)


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
def arc(pair):
    """The rate of s and K of an aligned pair, and their derivatives in s and log delta."""

    def moved(s, gap):
        apart = mp.exp(gap)
        places = s + (1 - W1) * apart, s - W1 * apart
        return Pair(tuple((m / R, mp.zero, mp.zero) for m in places))

    def centre(s, gap):
        first, second = moved(s, gap).velocities()
        return R * (W1 * first[0] + (1 - W1) * second[0])  # what the means push cancels

    here, orders = (pair.s, mp.log(pair.delta)), ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2))
    return [[mp.diff(rate, here, by) for by in orders] for rate in (centre, lambda s, gap: moved(s, gap).slope)]


DEFINITIONS = {
    "alignment.full_flow": (PLAIN, lambda p: _plain_rates(FIVE)),
    "alignment.alignment_rate": (NATURAL, lambda p: p.slope),
    "alignment.clock_pace": (PLAIN, lambda p: p.mobility_1 * W1 * p.attraction),
    "alignment.natural_mobility": (NATURAL, lambda p: p.mobility_1),
    "alignment.reduced_flow": (NATURAL, lambda p: p.rates(("s", "delta", "perp"))),
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
    "singular_arc.arc_slopes": (NATURAL, arc),
    "pair_coordinates.distance_squared": (NATURAL, lambda p: p.distance_square),
    "pair_coordinates.sum_squared": (NATURAL, lambda p: 4 * p.centre_square),
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
    "fixed_points.aligned_rest_jacobian": (ALIGNED, lambda p: rest_slopes(p.m1, p.m2, T)),
    "fixed_points.saddle_node": (
        ALIGNED,
        lambda p: [*rest(p.m1, p.m2), mp.det(mp.matrix(rest_slopes(p.m1, p.m2, T)))],
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
