"""Growth rates on the sphere and the lagging variance with proven digits: against their definitions at 40 digits."""

import mpmath
import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold.sphere.antipodal import antipodal_rates
from anneal_theory.threshold.sphere.rates import lagging_variance_at, sphere_growth_rates


@pytest.mark.slow
def test_growth_rates_enclose_their_definitions():
    target = BimodalTarget(3, "0.8")
    found = sphere_growth_rates(target, 20, 25, digits=25, certified=True)
    with mpmath.workdps(40):
        nodes = mpmath.linspace(-14, 14, 57)
        h = mpmath.log(4) / 2
        slope = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.sech(h + 15 * z) ** 2, nodes)
        mean = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.sech(mpmath.mpf("0.6") * z), nodes)
        cosine = mpmath.mpf(9) / 2 * slope
        push = 2 * mpmath.mpf("0.8") * mpmath.exp(-mpmath.mpf("0.18")) * mean / 4
        for ball, known in ((found["cosine"], cosine), (found["sum"], cosine - push)):
            assert abs(ball.value - known) <= ball.error + mpmath.mpf(10) ** -33
            assert ball.error < mpmath.mpf(10) ** -24
    quick = antipodal_rates(target, np.array([20.0]), np.array([25.0]))
    for name, one in zip(("cosine", "sum"), quick, strict=True):
        assert float(found[name].value) == pytest.approx(one[0], rel=1e-12)


@pytest.mark.parametrize("decay", [1, 4])
def test_the_lagging_variance_obeys_its_equation(decay):
    """v' = T - v by a central difference at 40 digits."""
    schedule = ExponentialToOne(9, decay)
    ball = lagging_variance_at(schedule, "1.5", digits=20, certified=True)
    low, middle, high = (lagging_variance_at(schedule, t, digits=40) for t in ("1.4999999999", "1.5", "1.5000000001"))
    with mpmath.workdps(45):
        step = mpmath.mpf(10) ** -10
        assert abs(ball.value - middle) <= ball.error < mpmath.mpf(10) ** -19
        temperature = 9 * mpmath.exp(-mpmath.mpf("1.5") / decay)
        assert abs((high - low) / (2 * step) - (temperature - middle)) < mpmath.mpf(10) ** -18
    with pytest.raises(DomainError, match=r"^t must be from 0 to the end"):
        lagging_variance_at(schedule, 20)
