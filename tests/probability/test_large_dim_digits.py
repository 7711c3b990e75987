"""The large-dimension probability to many digits: on known thresholds, against doubles, and its file."""

import json
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import flint
import mpmath as mp
import numpy as np
import pytest

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.fixed_points import landscape_of
from anneal_theory.fixed_points.roots import unstable_point
from anneal_theory.precision import flint_precision
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.digits import checkpoint as large_dim_store
from anneal_theory.probability.large_dim import digits as large_dim_digits
from anneal_theory.probability.large_dim import quadrature_plan as large_dim_plan
from anneal_theory.probability.large_dim.digits import large_dim_probability_at_digits
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Constant, Exponential, from_callable
from anneal_theory.sealed import read_sealed_json, write_sealed

TARGET, INIT, SCHEDULE = BimodalTarget(3, "0.8"), GaussianInit(16), Exponential(10, 10)
SYMMETRIC = BimodalTarget(3, "0.5")  # its unstable zero is 0


def known(s0):
    """A log rho_c that vanishes at 0 like the true one, and is smooth elsewhere."""
    return 23 * mp.log(abs(s0)) / 10 - mp.mpf("0.5") + s0 / 5 - s0**2 / 50


@pytest.fixture
def counted(monkeypatch):
    """Known thresholds in the place of computed ones; the list of all that were asked for."""
    asked = []

    def threshold(target, schedule, s0, distance_squared, dynamics, digits, rough):
        asked.append(s0)
        with mp.workdps(digits + 30):
            return SimpleNamespace(log_value=known(mp.mpf(s0.numerator) / s0.denominator))

    def searched(self, key, u, guesses, stride, tolerance):
        return np.array([float(known(mp.mpf(float(s)))) for s in self._middle(key[1], u)])

    monkeypatch.setattr(large_dim_digits, "threshold_at_digits", threshold)
    monkeypatch.setattr(large_dim_plan.LargeDimPlan, "_searched", searched)
    return asked


@pytest.mark.slow
@pytest.mark.parametrize(("digits", "dim"), [(12, 64), (25, 8), (40, 64)])
def test_known_thresholds_average_to_their_integral(counted, digits, dim):
    found = large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, GaussianInit(dim), digits=digits, allow_slow=True)
    with mp.workdps(digits + 20):
        spread = mp.mpf(9) / dim / 2

        def integrand(s):
            return mp.exp(-s * s / (2 * spread)) * mp.erf(mp.sqrt(mp.mpf(dim) / 2) * mp.exp(known(s)))

        far = mp.sqrt(2 * spread * (digits + 8) * mp.log(10))
        ends = [far * k / 8 for k in range(-8, 9)]
        expected = mp.quad(integrand, ends, maxdegree=8) / mp.sqrt(2 * mp.pi * spread)
        assert abs(found.value - expected) <= mp.mpf(10) ** -digits * expected
        assert abs(found.value - expected) <= found.error + mp.mpf(10) ** -(digits + 1) * expected
        assert abs(found.log_value - mp.log(expected)) <= mp.mpf(10) ** -(digits - 1)
        assert abs(found.log_complement - mp.log(1 - expected)) <= mp.mpf(10) ** -(digits - 1)


@pytest.mark.slow
def test_the_error_bounds_what_twice_the_digits_change(counted):
    problem = SYMMETRIC, SCHEDULE, INIT
    rough, fine = (large_dim_probability_at_digits(*problem, digits=n, allow_slow=True) for n in (15, 30))
    with mp.workdps(40):
        assert abs(rough.value - fine.value) <= rough.error + mp.mpf(10) ** -16


@pytest.mark.slow
def test_a_rule_that_does_not_settle_is_told(counted, monkeypatch):
    monkeypatch.setattr(large_dim_digits, "SAFETY", 0.1)  # nothing is ever good enough
    with pytest.raises(PrecisionError, match=r"14 digits were asked for and .* the rule does not settle"):
        large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14)


def test_the_unstable_zero_is_that_of_the_averaged_tanh():
    with flint_precision(140):
        found = unstable_point(landscape_of(TARGET).heavy).str(40, radius=False)
    with mp.workdps(35):
        h, zero = mp.log(4) / 2, mp.mpf(found)
        nodes = [mp.mpf(k) / 32 for k in range(-420, 421)]  # trapezoid: e^(-2 pi 32 pi/6) is below 1e-40
        mean = mp.fsum(mp.npdf(z) * mp.tanh(zero + h + 3 * z) for z in nodes) / 32
        assert abs(9 * mean - zero) < mp.mpf(10) ** -32


@pytest.mark.slow
def test_few_digits_agree_with_the_double_route():
    rough = collapse_probability(TARGET, SCHEDULE, INIT, method="large-dim", relative_error=1e-6)
    found = large_dim_probability_at_digits(TARGET, SCHEDULE, INIT, digits=5)
    assert abs(float(found.value) - rough.value) <= float(found.error) + rough.error


def test_an_interrupted_run_goes_on_from_its_file(counted, tmp_path, monkeypatch):
    file, threshold = tmp_path / "thresholds.json", large_dim_digits.threshold_at_digits
    whole = large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14)
    needed = len(counted)
    counted.clear()

    def broken(*given):
        if len(counted) == 5:
            raise KeyboardInterrupt
        return threshold(*given)

    monkeypatch.setattr(large_dim_digits, "threshold_at_digits", broken)
    with pytest.raises(KeyboardInterrupt):
        large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14, checkpoint=file)
    monkeypatch.setattr(large_dim_digits, "threshold_at_digits", threshold)
    again = large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14, checkpoint=file)
    assert again.to_dict() == whole.to_dict()
    assert again.work.nodes >= needed  # those of the file count too
    assert len(counted) == needed


KEPT = large_dim_store._KIND, large_dim_store._FORMAT


def sealed(change):
    """A change of the content, with the digest made anew."""

    def damage(text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "made"
            file.write_text(text)
            kept = read_sealed_json(file, *KEPT)
            change(kept)
            write_sealed(file, *KEPT, json.dumps(kept).encode())
            return file.read_text()

    return damage


def moved(thresholds):
    key = max(thresholds, key=lambda key: thresholds[key][0])
    thresholds[key] = [thresholds[key][0], "-7.5"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "undamaged"),
        (lambda text: "[]", "a file that begins with"),
        (lambda text: "[" * 10**5, "a file that begins with"),
        (lambda text: text.replace('"thresholds": {', '"thresholds": {"+1 0": [14, "nan"],'), "undamaged"),
        (lambda text: re.sub(r"(-\d+\.\d{8})4", r"\g<1>5", text), "undamaged"),
        (lambda text: text.replace("probability 4", "probability 3", 1), "as those of this version do"),
        (
            sealed(lambda kept: kept["settings"].update(schedule="Exponential(10, 11)")),
            r"schedule \(.* 11\)' there",
        ),
        (sealed(lambda kept: kept.pop("settings")), 'it has no "settings"'),
        (sealed(lambda kept: kept["thresholds"].update({"+1 0": [14, "nan"]})), r"threshold of \+1 0 is no pair"),
        (sealed(lambda kept: kept["thresholds"].update({"+1 0": 3})), r"threshold of \+1 0 is no pair"),
        (sealed(lambda kept: kept["thresholds"].update({"+1 0": [10**9, "-1.0"]})), r"threshold of \+1 0 is no pair"),
        (sealed(lambda kept: kept["thresholds"].update({"+1 0": [14, "-1.0"]})), "it holds starts that this"),
        (sealed(lambda kept: moved(kept["thresholds"])), "is far from the one in doubles"),
    ],
)
def test_a_file_that_is_damaged_or_of_other_settings_is_refused_by_name(counted, tmp_path, damage, words):
    file = tmp_path / "thresholds.json"
    large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=11, checkpoint=file)
    before = file.read_text()
    file.write_text(damage(before))
    assert file.read_text() != before
    with pytest.raises(DomainError, match=words) as told:
        large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=11, checkpoint=file)
    assert "thresholds.json" in str(told.value)


def test_the_file_holds_the_settings(counted, tmp_path):
    file = tmp_path / "thresholds.json"
    large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14, checkpoint=file)
    assert read_sealed_json(file, *KEPT)["settings"]["target"] == repr(SYMMETRIC)


def test_one_sided_ends_need_no_rule():
    assert large_dim_probability_at_digits(BimodalTarget(2, "0.5"), Constant(1), INIT, digits=30).value == 0


def test_hours_want_a_yes(counted, monkeypatch):
    monkeypatch.setattr(large_dim_digits, "PRACTICAL_SECONDS", 1.0)
    with pytest.raises(DomainError, match=r"it would take about .* hours: pass allow_slow=True"):
        large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14)
    assert large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14, allow_slow=True).value > 0


def test_nothing_global_is_left_changed_by_an_exception(counted, monkeypatch):
    before = flint.ctx.prec, flint.ctx.cap, mp.mp.prec
    monkeypatch.setattr(large_dim_digits, "_term", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14)
    assert (flint.ctx.prec, flint.ctx.cap, mp.mp.prec) == before


@pytest.mark.parametrize(
    ("schedule", "given", "name"),
    [
        (SCHEDULE, {"digits": 0}, "digits"),
        (SCHEDULE, {"digits": 10, "processes": 0}, "processes"),
        (SCHEDULE, {"digits": 10, "family_weight": "0.3"}, "family_weight"),
        (SCHEDULE, {"digits": 10, "checkpoint": "/no such folder/file.json"}, "checkpoint"),
        (from_callable(lambda t: 1.0, 10), {"digits": 10}, "schedule"),
    ],
)
def test_bad_input_is_refused_by_name(schedule, given, name):
    with pytest.raises(DomainError, match=f"^{name} must be"):
        large_dim_probability_at_digits(TARGET, schedule, INIT, **given)


def test_the_common_entry_point_gives_the_digits(counted, tmp_path):
    file = tmp_path / "thresholds.json"
    found = collapse_probability(SYMMETRIC, SCHEDULE, INIT, method="large-dim", digits=14, checkpoint=file)
    assert found == large_dim_probability_at_digits(SYMMETRIC, SCHEDULE, INIT, digits=14)
    assert file.exists()


def test_the_method_without_digits_says_which_have_them():
    with pytest.raises(DomainError, match=r"^digits must be left out except with methods that draw nothing"):
        collapse_probability(TARGET, SCHEDULE, INIT, method="simulated", digits=20)


@pytest.mark.parametrize("method", ["exact", "large-dim", "simulated", "slow-annealing"])
@pytest.mark.parametrize(
    "given", [{"progress": True}, {"checkpoint": "kept.json"}, {"processes": 2}, {"allow_slow": True}]
)
def test_what_belongs_to_digits_alone_is_refused_without_them(method, given):
    with pytest.raises(DomainError, match=f"^{next(iter(given))} must be left out"):
        collapse_probability(TARGET, SCHEDULE, INIT, method=method, **given)


@pytest.mark.parametrize("dim", [16, 128])
def test_doubles_see_no_error_of_the_step_that_is_chosen_for_many_digits(dim):
    """At half the digits twice the step has to do, and doubles hold these; d = 16 has starts that always collapse."""
    plan = large_dim_plan.LargeDimPlan(large_dim_digits._problem(TARGET, SCHEDULE, GaussianInit(dim), Dynamics(), 20))
    sums = [sum(np.exp(plan._logs(key, plan._grid(key, step))).sum() for key in plan.keys) * step
            for step in (plan.step / 2, 2 * plan.step)]  # fmt: skip
    assert sums[1] == pytest.approx(sums[0], rel=1e-11)
