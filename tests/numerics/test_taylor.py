"""The power series of the annealed pair's flow against other integrators that have averages by plain sums."""

import math

import flint
import mpmath as mp
import pytest

from anneal_theory.numerics.taylor import series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.annealed_series import AnnealedPair

# An easy pair, R = 1 and D near 1: the averaged functions are analytic to |Im z| = pi/2, so that the trapezoidal rule
# with this step errs by e^(-pi^2/STEP) = 3e-29, and what it leaves out lies beyond 12 standard deviations.
STEP, COUNT = mp.mpf(3) / 20, 80
TARGET, SCHEDULE, RULES = BimodalTarget(1, "0.8"), Exponential(3, 2), Dynamics()
START = (0.25, -0.5, 0.0)  # s, log rho, log |Delta_perp|
SPAN = 0.25


@pytest.fixture(scope="module")
def ends():
    """The series at the end of the span, to 30 digits."""
    with flint_precision(200), series_length(100):
        temperature = pieces(SCHEDULE)[0].local(flint.arb(0))
        series, _ = step_series(AnnealedPair(TARGET, RULES, 120), [flint.arb(one) for one in START], temperature, 100)
        return [flint.arb_poly(list(one.coeffs()))(flint.arb(SPAN)).mid().str(30, radius=False) for one in series]


@pytest.mark.slow
def test_the_series_agrees_with_mpmath_to_seventeen_digits(ends):
    with mp.workdps(20):
        nodes = [STEP * k for k in range(-COUNT, COUNT + 1)]
        weights = [STEP * mp.npdf(z) for z in nodes]
        h = mp.log(4) / 2

        def psi(m):
            return mp.fsum(w * mp.tanh(m + h + z) for w, z in zip(weights, nodes, strict=True))

        def overlap(square):
            distance = mp.sqrt(square)
            mean = mp.fsum(w * mp.sech(distance * z / 2) for w, z in zip(weights, nodes, strict=True))
            return mp.exp(-square / 8) * mean / 4

        def rates(t, y):
            beta, gap = 1 / (1 + 2 * mp.exp(-t / 2)), mp.exp(y[1] + y[2])
            first, second = psi(y[0] + gap / 2), psi(y[0] - gap / 2)
            push = 2 * overlap(mp.exp(2 * y[2]) + gap**2)
            return [beta / 2 * ((first + second) / 2 - y[0]), beta / 2 * (first - second) / gap, push - beta / 2]

        found = mp.odefun(rates, 0, [mp.mpf(one) for one in START], tol=mp.mpf(10) ** -18)(SPAN)
        for one, other in zip(found, ends, strict=True):
            assert abs(one - mp.mpf(other)) < mp.mpf(10) ** -17


@pytest.mark.slow
def test_the_series_agrees_with_heyoka_to_twenty_five_digits(ends):
    heyoka = pytest.importorskip("heyoka", reason="heyoka has no wheels for this platform")
    if not hasattr(heyoka, "real"):
        pytest.skip("this build of heyoka has no arbitrary precision")
    bits = 113

    def real(value):
        return heyoka.real(mp.nstr(value, 40), bits)

    s, x, length = heyoka.make_vars("s", "x", "l")
    with mp.workdps(45):
        nodes = [STEP * k for k in range(-COUNT, COUNT + 1)]
        points, weights = [real(z) for z in nodes], [real(STEP * mp.npdf(z)) for z in nodes]
        h = real(mp.log(4) / 2)
    one, two, half = (real(value) for value in (1, 2, mp.mpf("0.5")))
    gap = heyoka.exp(x + length)
    square = heyoka.exp(two * length) + gap * gap
    distance = heyoka.sqrt(square)

    def psi(m):
        return heyoka.sum([w * heyoka.tanh(m + h + z) for w, z in zip(weights, points, strict=True)])

    secants = [w / heyoka.cosh(distance * (half * z)) for w, z in zip(weights, points, strict=True)]
    overlap = heyoka.exp(square * real(mp.mpf("-0.125"))) * heyoka.sum(secants) * real(mp.mpf("0.25"))
    pace = half / (one + two * heyoka.exp(heyoka.time * real(mp.mpf("-0.5"))))
    first, second = psi(s + half * gap), psi(s - half * gap)
    flow = [
        (s, pace * (half * (first + second) - s)),
        (x, pace * (first - second) / gap),
        (length, two * overlap - pace),
    ]
    state = [real(mp.mpf(value)) for value in START]
    integrator = heyoka.taylor_adaptive(flow, state, fp_type=heyoka.real, prec=bits, compact_mode=True)
    integrator.propagate_until(real(mp.mpf(SPAN)))
    with mp.workdps(40):
        for value, other in zip(integrator.state, ends, strict=True):
            assert abs(mp.mpf(str(value)) - mp.mpf(other)) < mp.mpf(10) ** -25


def test_the_series_moves_the_state_by_more_than_rounding(ends):
    assert all(abs(float(end) - start) > 1e-3 for end, start in zip(ends, START, strict=True))
    assert all(math.isfinite(float(end)) for end in ends)
