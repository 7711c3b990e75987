"""Results print in a line or two, and a notebook shows them as a table, whatever they hold."""

import html
import inspect
import re

import mpmath as mp
import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.compare import compare
from anneal_theory.compare.baselines import BaselineRow, BaselineTable
from anneal_theory.compare.bias import Bias, Count, TrainingComparison
from anneal_theory.compare.schedule_optimisation import ChosenSchedule
from anneal_theory.design.calibration import Calibration
from anneal_theory.design.flow_calibration import FlowCalibration, Stretch
from anneal_theory.design.result import Design, PricedSchedule
from anneal_theory.fixed_points.pair import FixedPoint
from anneal_theory.fixed_points.single import CollapsedState
from anneal_theory.fixed_points.sphere_rests import SphereFixedPoint
from anneal_theory.probability.cap_digits import LogProbability
from anneal_theory.probability.noisy.survival import AlignmentSurvival
from anneal_theory.results import Ball, Estimate, Outcomes, Trajectory
from anneal_theory.shown import Shown, in_words, with_error
from anneal_theory.sweeps.run import SweepPlan
from anneal_theory.training.flow_outcome import TrainedFlow, weighed

_LINES = 2 * 120  # characters of two lines
CHANCE = Estimate(0.66803, 1e-5, -0.4034, "exact", note="R < R_c & so on")
TARGET, INIT, SCHEDULE = at.BimodalTarget(3, "0.8"), at.GaussianInit(128), at.Exponential(10, 10)
PRICED = PricedSchedule(SCHEDULE, 42.0, CHANCE, TARGET)
COUNT = Count(0.05, 64, 130, 200, 0.55, 0.74, undecided=2)
with mp.workdps(60):
    THIRD = mp.mpf(1) / 3
TIMES = np.linspace(0, 9, 400)
ROW = BaselineRow("theory-chosen", {}, 12, 200, 0.02, 0.1, 0.1, 0.9, 0.8, 99.0, CHANCE, undecided=1)
RESULTS = [
    CHANCE,
    Estimate(THIRD, mp.mpf("1e-50"), mp.log(THIRD), "exact", digits=50),
    Trajectory(TIMES, {"m1": TIMES, "rows": np.ones((400, 3))}, 1 + TIMES, "finished", "", {"split": [2.5]}),
    Outcomes(np.array([True, False, False]), np.ones(3), {"m1": np.ones(3)}, history={"m1": np.ones((9, 3))}),
    PRICED,
    Design(SCHEDULE, "exponential", 42.0, CHANCE, TARGET, INIT, at.Dynamics(), CHANCE, PRICED, PRICED, 1.15, 70, "<x>"),
    ChosenSchedule(SCHEDULE, CHANCE, CHANCE, 30),
    compare(CHANCE, 2000, 3000),
    TrainingComparison(CHANCE, COUNT, (), (Bias("step_size", 0.01, 0.02, -0.1, 0.1, 3, 1, 200),), 1e-3, {"a": 1}),
    BaselineTable((ROW,), 4000, 1e-3, {"dim": 128}),
    TrainedFlow({"loss": TIMES}, 0.9, -0.2, 0.01, weighed(np.array([99.0, 1.0]), np.array([0.8, 0.2]), None), 3.0, 0.1),
    Calibration(0.05, 1e-3, INIT, 1e-4, 64.0, 3.0, "plain"),
    CollapsedState(8.9, 0.0197),
    LogProbability(0.5, -0.69, -0.69),
    FixedPoint(9.411766354202925, 8.547221443312644, True, True, 0.22123654262831044),
    SphereFixedPoint(9.0, -9.0, True, False, 0.22211710593335465, -1.0, 1.0),
    ROW,
    weighed(np.array([990.0, 10.0, 5.0]), np.array([0.8, 0.15, 0.05]), None),
    SweepPlan(200, 150, 2, 0.5, 37.5, 300 * 2**20, 9600, 6 * 2**20),
    AlignmentSurvival(1.0, 0.0, 0.0197, 0.001, 333.3, 0.01, 12.5, np.inf),
    FlowCalibration(
        0.1, 2e-3, INIT, 1e-4, 2.0, 1.0, "plain", (Stretch(0, 20, 0.11, 3e-3),), 0.05, 0.2, 0.1, (0.0, 0.1, 1.6),
        ((1.0, 0.0, 0.0),), 0.9, 0.1, 8.0, 1.0,
    ),
]  # fmt: skip
IDS = [type(one).__name__ for one in RESULTS]


def cells(result):
    found = re.findall(r"<tr><th>(.*?)</th><td>(.*?)</td></tr>", result._repr_html_())
    return {html.unescape(name): html.unescape(text) for name, text in found}


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_a_result_is_short_in_a_session_and_a_table_in_a_notebook(result):
    line = repr(result)
    assert line.startswith(f"{type(result).__name__}(")
    assert "\n" not in line
    assert len(line) <= _LINES
    assert "[" not in line  # no array
    shown = result._repr_html_()
    assert shown.startswith("<table>")
    assert shown.endswith("</table>")
    assert not re.search(r"<(?!/?(table|tr|th|td)>)", shown)  # what is not its own is escaped
    assert set(result.told()) <= cells(result).keys()


def test_every_result_of_a_public_function_is_among_them():
    """Those that hold more than a few numbers."""
    functions = [one for one in (getattr(at, name) for name in dir(at)) if inspect.isfunction(one)]
    returned = {inspect.signature(one).return_annotation for one in functions}
    ours = {one for one in returned if inspect.isclass(one) and issubclass(one, Shown)}
    assert ours <= {type(one) for one in RESULTS}
    assert {Estimate, Trajectory, Outcomes, Design, PricedSchedule, TrainedFlow, TrainingComparison} <= ours


def test_the_tables_have_the_numbers():
    assert cells(CHANCE) == {
        "value": "0.66803", "error": "1e-05", "log value": "-0.4034", "method": "exact", "note": "R < R_c & so on",
    }  # fmt: skip
    assert repr(CHANCE) == "Estimate(0.66803 ± 1e-05, exact)"
    run, ended, design = RESULTS[2], cells(RESULTS[3]), cells(RESULTS[5])
    assert cells(run) == {"times": "400", "status": "finished", "m1 at the end": "9", "split": "2.5"}
    assert (ended["collapsed"], ended["replicas"], ended["share"]) == ("1", "3", "0.333333")
    assert design["P(collapse)"] == "0.66803 ± 1e-05"
    assert design["exponential as good"] == f"{SCHEDULE}, cost 42, P = 0.668"
    assert cells(RESULTS[9]) == {"theory-chosen": "12 of 199 collapsed, theory 0.66803 ± 1e-05"}
    assert cells(ROW)["theory"] == "0.66803 ± 1e-05"
    assert repr(RESULTS[14]) == "FixedPoint(kind collapsed, stable; m1 9.41177; m2 8.54722; loss 0.221237)"
    assert cells(RESULTS[17])["lost modes"] == "2 of 3"
    assert cells(RESULTS[18])["missing"] == "150 of 200 cells"
    assert cells(RESULTS[19])["net growth"] == "0.0187"
    assert cells(RESULTS[8])["bias of step size"] == "0.01 ± 0.02"


def test_numbers_of_many_digits_are_whole_in_a_table_and_begun_in_a_line():
    found = RESULTS[1]
    digits = cells(found)["value"]
    assert len(digits) > 50
    assert digits.startswith("0.33333")
    assert repr(found) == f"Estimate({digits[:40]}…, exact)"
    ball = Ball(THIRD, mp.mpf("1e-60"))
    assert cells(CollapsedState(ball, ball))["overlap"] == str(ball)
    assert repr(CollapsedState(ball, ball)).count("…") == 2


@pytest.mark.parametrize(
    ("value", "log_value", "shown"), [(0.0, -900.5, "exp(-900.5)"), (0.0, -np.inf, "0"), (np.inf, 800.0, "exp(800)")]
)
def test_what_a_double_cannot_hold_is_told_by_its_logarithm(value, log_value, shown):
    assert repr(Estimate(value, 0.0, log_value, "exact")) == f"Estimate({shown}, exact)"


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(0.25, 0.0, "0.25"), (0.25, 0.3, "0.25 ± 0.3"), (123.456, 0.02, "123.46 ± 0.02"), (np.nan, np.nan, "nan"),
     (-2.0, 0.1, "-2 ± 0.1"), (1.0, np.inf, "1"), (105.535, 100.0, "1.1e+02 ± 1e+02"),
     (-0.000880773, 0.002, "-0.00088 ± 0.002")],
)  # fmt: skip
def test_a_number_has_the_digits_that_its_error_leaves(value, error, text):
    assert with_error(value, error) == text


def test_values_are_told_in_a_few_characters():
    assert in_words(np.zeros((2, 3))) == "array of shape (2, 3)"
    assert in_words(TARGET) == str(TARGET)


def test_a_result_without_rows_says_so():
    class Untold(Shown):
        pass

    with pytest.raises(NotImplementedError, match="Untold has no rows"):
        repr(Untold())
