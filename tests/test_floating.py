"""A user's ``np.seterr`` is for the user's own numbers: the package computes the same under any and leaves it alone."""

import subprocess
import sys
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory import _floating, averages, plots
from anneal_theory._floating import FLOATING, Entered, Silent, treatment
from anneal_theory.quantities import doors
from anneal_theory.quantities.doors import checked
from tests.doors import DOORS

ROOT = Path(__file__).resolve().parent.parent
TARGET, FAST = at.BimodalTarget(3, 0.8), at.Exponential(10, 5)
FAR = [0.0, 1e-320, 1e-300, 1e-10, 1.0, 50.0, 1e5, 1e100, 1e150]
START = at.ReducedState.from_rho(0.0, 0.1, 1.4, TARGET)
SCHEDULES = (
    at.Constant(1), at.Exponential("1e50", "1e-3"), at.ExponentialToOne(90, 35), at.Linear(10, 20),
    at.LinearBeta(10, 20), at.Hold(10, 5), at.Piecewise([0, 10, 20], [10, 3, 1]),
    at.from_callable(lambda t: 1 + 9 * np.exp(-t), 50),
)  # fmt: skip


def schedule_values(schedule: at.Schedule) -> list[Any]:
    names = "temperature", "excess", "beta", "clock", "excess_at_clock", "highest_after"
    values = [getattr(schedule, name)(FAR) for name in names]
    return [*values, schedule.time_above(1.5), schedule.clock_above(1.5), schedule.settling_time(1e-9)]


def drawn() -> str:
    run = at.solve_flow(TARGET, FAST, START, [0.0, 1.0, 50.0])
    return plots.svg(plots.overlap_figure(run, 3.0, "overlaps"))


def flow(kind: str) -> list[np.ndarray]:
    starts: dict[str, Any] = {
        "reduced": START,
        "aligned": at.ReducedState.from_rho(0.0, 1e-200, 1.4, TARGET),
        "full": at.FullState(0.1, -0.1, 1.0, 0.0, 1.0),
    }
    return [at.solve_flow(TARGET, FAST, starts[kind], [0.0, 1e-300, 10.0, 1e5])[name] for name in ("m1", "m2")]


CALLS: dict[str, Callable[[], Any]] = {
    **{f"schedule {repr(one)[:20]}": lambda one=one: schedule_values(one) for one in SCHEDULES},
    **{f"flow {kind}": lambda kind=kind: flow(kind) for kind in ("reduced", "aligned", "full")},
    "averages": lambda: [f(np.array(FAR), TARGET) for f in (averages.psi, averages.psi_prime, averages.phi)],
    "mmse": lambda: averages.mmse(np.array(FAR), 0.3),
    "densities": lambda: [
        TARGET.log_prob(np.array([[1e200, 0.0], [1.0, 1e-200]])),
        at.GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.8, 0.2]).log_prob(np.array([[1e200, 0.0]])),
    ],
    "states": lambda: [
        [at.ReducedState(0.0, 1e-200, 1e-250).distance(TARGET), at.ReducedState(0.0, 1e160, 0.0).rho(TARGET)],
        [at.FullState(3.0, -3.0, 9.0, -9.0, 9.0).rho(TARGET)],
    ],
    "threshold": lambda: at.collapse_threshold(TARGET, FAST, s0=0, distance=1e-100).log_value,
    "probability": lambda: at.collapse_probability(TARGET, FAST, at.GaussianInit(64), relative_error=1e-2).value,
    "large dimension": lambda: at.collapse_probability(
        TARGET, at.Constant(1), at.GaussianInit(10**6), method="large-dim", relative_error=1e-2
    ).log_value,
    "simulated": lambda: at.collapse_probability(
        TARGET, FAST, at.GaussianInit(16), method="simulated", replicas=20
    ).value,
    "leading order": lambda: at.collapse_threshold(TARGET, at.Exponential(10, 1e5), method="leading-order").log_value,
    "constants": lambda: [
        at.critical_temperature(TARGET), at.critical_separation(1e-5), at.hot_separation(10), at.transient_gain(TARGET)
    ],
    "attractors": lambda: [vars(one) for one in at.attractors(at.BimodalTarget(8, 0.999))],
    "training": lambda: at.train_mixture(
        TARGET, FAST, at.GaussianInit(8), replicas=3, batch_size=20, route="plain", end_time=50
    ).mode_weight,
    "figure": drawn,
}  # fmt: skip


def forget() -> None:
    """Empty the package's caches, so that a call computes."""
    for name, module in list(sys.modules.items()):
        if name.startswith("anneal_theory"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_a_user_s_setting_changes_no_number_and_is_as_before_afterwards(name):
    forget()
    with np.errstate(all="raise"):
        found = CALLS[name]()
        assert set(np.geterr().values()) == {"raise"}
    forget()
    np.testing.assert_equal(found, CALLS[name]())


@pytest.mark.parametrize("name", DOORS)
def test_every_public_function_has_floating_point_errors_in_the_package_s_own_way(name):
    assert hasattr(DOORS[name], "quantity_names")  # made by `checked`, of which the next test says what it does


@pytest.fixture(params=["context variable", "errstate"])
def way(request, monkeypatch):
    """Both ways into the package's treatment."""
    if request.param == "errstate":
        for module in (doors, _floating):
            monkeypatch.setattr(module, "FLOATING", Entered())
    treatment.cache_clear()
    yield
    treatment.cache_clear()


@pytest.mark.usefixtures("way")
def test_kinds_of_errors_are_ignored_within_and_treated_as_before_afterwards():
    own = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
    for outside in ({}, {"all": "raise"}):
        with np.errstate(**outside):
            before = np.geterr()
            with Silent("divide", "over"):
                assert np.geterr() == own | {"divide": "ignore", "over": "ignore"}
                with Silent("invalid"):
                    assert np.geterr() == own | {"invalid": "ignore"}
            assert np.geterr() == before


@pytest.mark.usefixtures("way")
def test_a_checked_function_runs_in_the_package_s_own_way():
    @checked
    def settings(wanted: str = "") -> dict[str, str]:
        if wanted:
            raise LookupError(wanted)
        return np.geterr()

    own = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
    assert settings() == own
    with np.errstate(all="raise"):
        assert settings() == own
        assert set(np.geterr().values()) == {"raise"}
        with pytest.raises(LookupError):
            settings("an error")
        assert set(np.geterr().values()) == {"raise"}


def test_numpy_keeps_its_treatment_in_a_context_variable():
    """Else public functions take longer by a microsecond: `anneal_theory._floating` has to find another way."""
    assert isinstance(FLOATING, ContextVar)


@pytest.mark.parametrize("page", ["plots", "report.data", "report.render"])
def test_every_figure_and_the_report_do_too(page):
    module = __import__(f"anneal_theory.{page}", fromlist=["x"])
    makers = {"report.data": ["compute"], "report.render": ["render"]}
    names = makers.get(page) or [name for name, one in vars(module).items() if callable(one) and name.islower()
                                 and name[0] != "_" and one.__module__.startswith(module.__name__)]  # fmt: skip
    assert names
    for name in names:
        assert hasattr(getattr(module, name), "__wrapped__"), name


# In an interpreter where a warning is an error, from the first import on.
WARNED = """
import numpy as np
import anneal_theory as at
target, init = at.BimodalTarget(3, 0.8), at.GaussianInit(8)
[getattr(at, name) for name in at.__all__]
rules = {"steps": 20, "replicas": 2, "batch_size": 8, "hidden": (8,), "record_every": 5, "most_undecided": 1}
at.train_realnvp(target, at.Exponential(3, 2), dim=2, **rules).to_xarray()
at.train_mixture_torch(target, at.Constant(1), init, replicas=2, batch_size=8, end_time=2, most_undecided=1)
from anneal_theory import plots
start = at.ReducedState.from_rho(0.0, 0.1, 1.4, target)
plots.svg(plots.overlap_figure(at.solve_flow(target, at.Constant(1), start, [0.0, 1.0, 2.0]), 3.0, "overlaps"))
"""


@pytest.mark.slow
def test_no_library_warns_on_legal_input():
    line = [sys.executable, "-W", "error", "-c", WARNED]
    found = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
