"""A phase diagram is what `collapse_probability` says cell by cell, however it is computed, and says why where not."""

import math
from fractions import Fraction

import numpy as np
import pytest
import xarray

import anneal_theory as at
from anneal_theory.errors import DomainError, Interrupted
from anneal_theory.phase_diagrams import filling
from anneal_theory.phase_diagrams.grid import NUMBERS, Grid
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.schedules import SCHEDULES
from anneal_theory.sweeps import running
from anneal_theory.threshold.sphere.antipodal import antipodal_temperature

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
SLOW = at.Exponential(30, 3000)
QUICK = {"method": "leading-order"}
AXES = {"initial_temperatures": [10, 20.5], "decay_times": ["100", Fraction(1000, 3), 2000]}
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


def quick(**given) -> xarray.Dataset:
    return at.phase_diagram(TARGET, INIT, **AXES | QUICK | given)


def assert_cell(diagram, place, *problem, **how):
    """A cell has the numbers of an estimate, or the sentence of its refusal."""
    cell = diagram[dict(zip(diagram.value.dims, place, strict=True))]
    refusal = None
    try:
        found = at.collapse_probability(*problem, **how)
    except DomainError as error:
        refusal = f"{type(error).__name__}: {error}"
    if refusal:
        assert cell.refusal.item() == refusal
        assert all(math.isnan(cell[name].item()) for name in NUMBERS)
        return
    for name in NUMBERS:
        assert cell[name].item() == getattr(found, name)
    assert (cell.note.item(), cell.refusal.item()) == (found.note, "")


def test_the_cells_of_free_means_are_those_of_the_probability():
    how = {"method": "large-dim", "relative_error": 1e-2}
    found = at.phase_diagram(TARGET, INIT, initial_temperatures=[1, 10], decay_times=[3, 50], workers=2, **how)
    for i, temperature in enumerate([1, 10]):
        assert_cell(found, (i, 1), TARGET, at.Exponential(temperature, 50), INIT, **how)


@pytest.mark.slow
def test_the_cells_of_the_sphere_are_those_of_the_probability():
    schedule, init, how = at.ExponentialToOne(90, 7), at.SphereInit(512), {"method": "sharp"} | PAPER
    found = at.phase_diagram(TARGET, init, schedule, separations=["2.5", 3], dims=[64, 512], **how)
    assert found.value.dims == ("separation", "dim")
    for i, separation in enumerate(["2.5", 3]):
        for j, dim in enumerate([64, 512]):
            assert_cell(found, (i, j), at.BimodalTarget(separation, "0.8"), schedule, at.SphereInit(dim), **how)
    exact = {"relative_error": 1e-2} | PAPER
    found = at.phase_diagram(TARGET, init, schedule, weights=["0.8"], decay_times=[7], **exact)
    assert_cell(found, (0, 0), TARGET, schedule, init, **exact)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_parameter_of_a_schedule_that_is_one_number_is_an_axis(name):
    base = {"Constant": ["1"], "Piecewise": [[0, 900, 1800], [20, 5, 1]]}.get(name, [20, 2000, 2])
    schedule = getattr(at, name)(*base[: len(SCHEDULES[name])])
    plurals = {parameter: plural for plural, parameter in VARIED.items()}
    own = [one for one in SCHEDULES[name] if not QUANTITIES[one].is_list and name != "Constant"]
    axes = {plurals[one]: [16, 20] for one in own[:2]} or {"separations": ["2.8", 3], "weights": [0.7, 0.8]}
    found = at.phase_diagram(TARGET, INIT, schedule, **axes, **QUICK)
    for place in np.ndindex(2, 2):
        values = {VARIED[plural]: axes[plural][index] for (plural, index) in zip(axes, place, strict=True)}
        one, target = schedule, TARGET
        if own:
            one = type(schedule)(**schedule.parameters | values)
        else:
            target = at.BimodalTarget(**values)
        assert_cell(found, place, target, one, INIT, **QUICK)
    if len(own) > 2:
        at.phase_diagram(TARGET, INIT, schedule, **{plurals[one]: [20] for one in own[1:3]}, **QUICK)


@pytest.mark.slow
def test_a_usual_variance_stays_usual_in_every_dimension_and_another_stays_itself():
    axes = {"dims": [16, 200], "weights": ["0.7", "0.8"]}
    usual = at.phase_diagram(TARGET, INIT, SLOW, method="slow-annealing", **axes)
    assert_cell(usual, (1, 0), TARGET, SLOW, at.GaussianInit(16), method="slow-annealing")
    wide = at.phase_diagram(TARGET, at.GaussianInit(16, "0.1"), SLOW, method="slow-annealing", **axes)
    assert_cell(wide, (1, 1), TARGET, SLOW, at.GaussianInit(200, "0.1"), method="slow-annealing")
    assert (usual.variance, wide.variance) == ("1/dim", "0.1")


def test_family_weights_vary_too_and_a_seed_is_that_of_every_cell():
    how = {"method": "simulated", "replicas": 4, "seed": 3}
    found = at.phase_diagram(TARGET, INIT, at.Constant(1), family_weights=[0.3, 0.5], variances=["0.01"], **how)
    assert_cell(found, (0, 0), TARGET, at.Constant(1), at.GaussianInit(128, "0.01"), family_weight=0.3, **how)
    assert "critical_temperature" not in found


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_no_number_depends_on_how_many_work(workers):
    assert quick(workers=workers).equals(quick())


@pytest.mark.slow
def test_no_exact_number_depends_on_how_many_work():
    """Nor on the batched engine's company, which is other cells in each process."""
    sides = {"initial_temperatures": [8, 20], "decay_times": [5, 10]}
    alone, shared = (at.phase_diagram(TARGET, INIT, **sides, method="exact", workers=count) for count in (1, 2))
    assert alone.equals(shared)


def test_the_critical_temperature_is_over_the_axes_that_it_depends_on():
    assert quick().critical_temperature.item() == at.critical_temperature(TARGET)
    axes = {"initial_temperatures": [20, 30], "separations": [1, 3]}
    found = at.phase_diagram(TARGET, INIT, SLOW, **axes, **QUICK)
    assert found.critical_temperature.dims == ("separation",)
    assert math.isnan(found.critical_temperature.values[0])
    assert found.critical_temperature_refusal.values[0].startswith("NoCollapsedState: ")
    assert found.critical_temperature.values[1] == at.critical_temperature(TARGET)


@pytest.mark.slow
def test_the_antipodal_temperature_is_told_on_the_sphere_where_the_variance_moves():
    schedule, axes = at.ExponentialToOne(90, 7), {"decay_times": [7], "separations": [2, 4]}
    found = at.phase_diagram(TARGET, at.SphereInit(64), schedule, method="sharp", **axes, **PAPER)
    lines = [antipodal_temperature(at.BimodalTarget(one, "0.8")) for one in (2, 4)]
    assert found.antipodal_temperature.values.tolist() == lines
    fixed = PAPER | {"variance": "fixed"}
    rest = at.phase_diagram(TARGET, at.SphereInit(64), schedule, method="sharp", **axes, **fixed)
    assert not {"antipodal_temperature", "critical_temperature"} & set(rest.data_vars)


def test_the_attributes_say_what_it_is_and_a_netcdf_file_keeps_all(tmp_path):
    found = quick()
    assert {"separation": "3", "weight": "0.8", "dim": "128", "method": "leading-order"}.items() <= found.attrs.items()
    assert not {"initial_temperature", "decay_time"} & found.attrs.keys()
    assert found.versions.startswith(f"anneal_theory {at.__version__}, python ")
    assert eval(f"at.{found.command}", {"at": at, **vars(at), **{n: getattr(at, n) for n in at.__all__}}).equals(found)
    found.to_netcdf(tmp_path / "map.nc", engine="scipy")
    assert xarray.load_dataset(tmp_path / "map.nc", engine="scipy").equals(found)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"decay_times": []}, "^decay_times must be a list of 1 to 100000 rising values, .*was \\[\\]"),
        ({"decay_times": [10, 3]}, "^decay_times must be .* rising .*give every value once"),
        ({"decay_times": [3, "3.0"]}, "^decay_times must be .* rising"),
        ({"decay_times": [3, float("nan")]}, r"^decay_times\[1\] must be"),
        ({"decay_times": [3, np.inf]}, r"^decay_times\[1\] must be"),
        ({"decay_times": 3}, "^decay_times must be a list"),
        ({"decay_times": np.ones((2, 2))}, "^decay_times must be a list"),
        ({"decay_times": range(1, 10**7)}, "^decay_times must be a list of 1 to 100000 .*give fewer"),
        ({"decay_times": None}, "^schedule must be given unless initial_temperatures and decay_times are"),
        ({"decay_times": None, "schedule": SLOW}, "^the axes must be two lists of values, but was .*give two of"),
        ({"weights": [0.5]}, "^the axes must be two lists of values"),
        ({"schedule": at.Linear(10, 10)}, "^decay_times must be left out for the schedule Linear.*durations"),
        ({"workers": 0}, "^workers must be an integer from 1 to 1024, but was 0"),
        ({"method": "sharp"}, '^method must be a route of free means.*or add constraint="sphere"'),
        ({"method": "exat"}, "^method must be .*did you mean 'exact'"),
        ({"relative_error": 1e-3}, "^relative_error must be left out"),
        ({"replicas": 3}, "^replicas must be left out"),
        ({"constraint": "sphere"}, "^init must be a SphereInit"),
        ({"checkpoint": "/none/here/map"}, "^checkpoint must be a file in a folder that exists"),
        ({"checkpoint": "/dev/null"}, "^checkpoint must be a file, but was '/dev/null'"),
        (
            {"init": at.SphereInit(64), "decay_times": None, "variances": [1], "schedule": SLOW},
            "^variances must be left",
        ),
    ],
)
def test_bad_input_is_refused_by_name(given, sentence):
    with pytest.raises(DomainError, match=sentence):
        at.phase_diagram(TARGET, **{"init": INIT} | AXES | QUICK | given)


def test_a_map_that_takes_long_is_refused_with_its_time_and_memory_unless_that_is_accepted(monkeypatch, tmp_path):
    monkeypatch.setattr(running, "PRACTICAL_SECONDS", 0.0)
    axes = {"initial_temperatures": np.linspace(10, 30, 5), "decay_times": np.geomspace(100, 1000, 8)}
    step = r"the cost is accepted, but was 8; the \d+ cells left would take about [\d.]+ hours and 0.0 MiB: pass "
    path = tmp_path / "map"
    for done in (9, 18):  # what was computed to measure it is kept, and another call measures again
        with pytest.raises(DomainError, match=f"^decay_times must be fewer values, unless {step}"):
            quick(checkpoint=path, **axes)
        assert len(path.read_bytes().splitlines()) == 2 + done
    assert not np.isnan(quick(checkpoint=path, allow_slow=True, **axes).value).any()
    monkeypatch.setattr(filling, "MOST_NUMBERS", 100)
    with pytest.raises(DomainError, match=r"^decay_times must be values of at most 12 cells in all, but was 40"):
        quick(**axes)


def test_an_interruption_keeps_the_cells_that_were_finished(monkeypatch, tmp_path):
    real = Grid.cell

    def ends(grid, place):
        if place == (1, 1):
            raise KeyboardInterrupt
        return real(grid, place)

    whole, path = quick(), tmp_path / "map"
    monkeypatch.setattr(Grid, "cell", ends)
    with pytest.raises(Interrupted, match=r"interrupted with [45] of 6 cells finished and kept; .* goes on") as caught:
        quick(workers=1, checkpoint=path)
    assert caught.value.checkpoint == path
    with pytest.raises(Interrupted, match="nothing is kept without a checkpoint"):
        quick(workers=1)
    computed = []
    monkeypatch.setattr(Grid, "cell", lambda grid, place: computed.append(place) or real(grid, place))
    assert quick(checkpoint=path).equals(whole)
    assert (1, 1) in computed  # the cell after it may have begun before the map heard of the interruption
    assert set(computed) <= {(1, 1), (1, 2)}


def test_a_cell_without_an_answer_says_why_and_the_others_have_theirs():
    found = at.phase_diagram(TARGET, INIT, initial_temperatures=[3, 30], decay_times=[1000], **QUICK)
    assert np.isnan(found.value.values[:, 0]).tolist() == [True, False]
    assert "critical temperature T_c" in found.refusal.values[0, 0]
