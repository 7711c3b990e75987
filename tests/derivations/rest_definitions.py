"""Definitions of the derived functions of rest points, of slow annealing and of the law of a start."""

import math

from scipy import stats

from tests.derivations.vector_pairs import (
    ALIGNED,
    NATURAL,
    STEP,
    W1,
    R,
    Special,
    T,
    letters,
    mp,
    psi,
    rest,
    rest_slopes,
)


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
    place = mp.atanh(NATURAL.cosine)
    return Special(NATURAL, cotangent_squared=rho**2, log_cosine=mp.log(NATURAL.cosine), place=place)


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


def _fold(m1, m2, temperature):
    return [*rest(m1, m2, temperature), mp.det(mp.matrix(rest_slopes(m1, m2, temperature)))]


def _fold_slopes(p):
    at, columns = (p.m1, p.m2, T), []
    for place in range(3):
        ends = [_fold(*(x + sign * STEP * (j == place) for j, x in enumerate(at))) for sign in (-1, 1)]
        columns.append([(after - before) / (2 * STEP) for before, after in zip(*ends, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


DEFINITIONS = {
    "fixed_points.saddle_node_jacobian": (ALIGNED, _fold_slopes),
    "fixed_points.partner_drift": (ZERO, lambda p: mp.findroot(lambda f: W1 * f + (1 - W1) * drift(p.m2), 1)),
    "fixed_points.rest_temperature": (
        Special(ALIGNED, drift_2=drift(ALIGNED.m2)),
        lambda p: mp.findroot(lambda temperature: rest(p.m1, p.m2, temperature)[1], 1),
    ),
    "fixed_points.rest_surplus": (ZERO, lambda p: drift(p.m2) / (W1 * p.delta) - 1 - p.rates(["log_across"])[0]),
    "fixed_points.close_rest_surplus": (ZERO, lambda p: -p.slope - p.rates(["log_across"])[0]),
    "fixed_points.close_across_rate": (ZERO, lambda p: p.rates(["log_across"])[0]),
    "fixed_points.drift_from_zero": (ZERO, lambda p: drift(p.zero + p.offset)),
    "transient_gain.gain_quotient": (ZERO, lambda p: [R**2 * mp.diff(psi, p.s) - p.escape_rate, drift(p.s)]),
    "slow_annealing.saturated_hot_clock": (
        HOT,
        lambda p: mp.quad(
            lambda temperature: p.decay_time / (temperature * (temperature - 1)), [p.threshold, 40, mp.inf]
        ),
    ),
    "summary_statistics.tempered_factors": (NATURAL, lambda p: [1 / T, 1]),
    "summary_statistics.free_energy_factors": (NATURAL, lambda p: [1, T]),
    "start_law.cosine_of_place": (COSINES, lambda p: p.cosine),
    "start_law.log_rho_of_place": (COSINES, lambda p: p.log_rho),
    "start_law.place_of_log_rho": (COSINES, lambda p: mp.atanh(p.cosine)),
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
