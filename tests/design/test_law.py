"""The cost law against exact probabilities of long schedules, and against a design."""

import itertools
import math

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.design import designer, schedule_cost
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.formulas import optimal_schedule

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
RATE = at.collapsed_state(TARGET).escape_rate
TEMPERATURES = {"critical_temperature": at.critical_temperature(TARGET), "final_temperature": 1.15}


def _price(kind, temperature, objective):
    name = f"{kind}_price" + ("_free" if objective == "free-energy" else "")
    return getattr(optimal_schedule, name)(initial_temperature=temperature, **TEMPERATURES)


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["tempered-target", "free-energy"])
@pytest.mark.parametrize("kind", ["exponential", "exponential_to_one", "hold", "pulse"])
def test_the_price_is_the_slope_of_the_exact_probability(objective, kind):
    """log P falls by kappa* times the cost over twice the price.

    An exponential passes the fold late, by a clock of the order of the cube root of its decay time; so its slope is off
    by the power -2/3 of that, a part that falls to a quarter in eight times the time and is taken out. What is left is
    of the power -4/3 or smaller, a sixteenth in eight times the time (measured: a 27th). A pulse has a factor of P that
    is a small power of the time, and so an error of the power -1; a hold has none. Each is allowed as measured at an
    eighth of the time, beside the stated errors: 1e-5 in all for a hold, 4e-5 for a pulse, 1.2e-3 for an exponential.
    """
    made = {
        "exponential": lambda time: at.Exponential(30, time),
        "exponential_to_one": lambda time: at.ExponentialToOne(40, time),
        "hold": lambda time: at.Hold(9, time),
        "pulse": lambda time: at.Piecewise([0, time, time + 2, time + 250, time + 252], [1, 1, 12, 12, 1]),
    }[kind]
    flat = {"hold": 9 if objective == "tempered-target" else 1, "pulse": 1}
    price = flat.get(kind) or _price(kind, 30 if kind == "exponential" else 40, objective)

    def slope(unit):
        short, long = made(unit), made(1.5 * unit)
        one, two = (at.collapse_probability(TARGET, one, INIT, objective=objective) for one in (short, long))
        paid = 2 * price / (RATE * (long.settling_time(0.15) - short.settling_time(0.15)))
        return np.array([(one.log_value - two.log_value) * paid, (one.log_error + two.log_error) * paid])

    unit = 1000 if objective == "free-energy" else 8000
    if kind in flat:
        slopes = [slope(unit / 8), slope(unit)]
    else:
        parts = [slope(time) for time in (unit / 8, unit, 8 * unit)]
        slopes = [(4 * later + [-1, 1] * earlier) / 3 for earlier, later in itertools.pairwise(parts)]
    (coarse, coarse_error), (found, error) = slopes
    falls = {"hold": math.inf, "pulse": 8}.get(kind, 16)
    assert abs(found - 1) <= (abs(coarse - 1) + coarse_error) / falls + error < 2e-3


@pytest.mark.slow
def test_a_design_costs_what_the_law_says(monkeypatch):
    monkeypatch.setattr(designer.Designer, "exponentials", lambda self, found: (None, None))
    words = {"max_probability": 1e-8, "family": "hold"}
    found = at.design_schedule(TARGET, INIT, relative_error=1e-2, **words)
    law = schedule_cost(TARGET, INIT, **words)
    # the law leaves out a constant beside L: a factor of P, below 2 here (1.7), at the design's price, its temperature
    assert abs(found.cost - law) < math.log(2) * 2 * found.schedule.initial_temperature / RATE


def test_a_pulse_passes_the_fold_at_twice_the_critical_temperature():
    """Its least time is 4 pi sqrt(T_c/(a c)), 131 here; the mirrored target costs the same."""
    rest = schedule_cost(TARGET, INIT, 1e-3, family="cold-then-pulse")
    asked = math.log(10) * 2 / RATE  # for a tenth of the probability
    assert schedule_cost(TARGET, INIT, 1e-4, family="free") - rest == pytest.approx(asked, rel=1e-9)
    mirrored = schedule_cost(at.BimodalTarget(3, "0.2"), INIT, 1e-3, family="cold-then-pulse")
    assert mirrored == pytest.approx(rest, rel=1e-9)


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"highest_temperature": 5}, DomainError, "highest_temperature must be above T_c = 5.58"),
        ({"highest_final_temperature": 6}, DomainError, "highest_final_temperature must be above 1 and below T_c"),
        ({"max_probability": 0.9999}, DomainError, "max_probability must be small"),
        ({"target": at.BimodalTarget(1, "0.5")}, NoCollapsedState, "no temperature is critical"),
    ],
)
def test_what_the_law_refuses(words, error, told):
    with pytest.raises(error, match=told):
        schedule_cost(**({"target": TARGET, "init": INIT, "max_probability": 1e-3} | words))
