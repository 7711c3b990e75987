"""Designs against grids of exact probabilities, against simulated runs, and against each other."""

import itertools
import json
import math

import pytest

import anneal_theory as at
from anneal_theory import plots
from anneal_theory.cli.app import run
from anneal_theory.design import designer, schedule_cost
from anneal_theory.design.box import box_of
from anneal_theory.design.families import FamilyName, Limits, family_of
from anneal_theory.design.odds import Odds
from anneal_theory.errors import DomainError
from tests.design.limits import contains, no_exponentials, no_worse, rarest

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
LIMITS = Limits(100.0, 1.15, 1.0, 5.58)


@pytest.fixture(scope="module")
def pulse():
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(designer.Designer, "exponentials", no_exponentials)
        return at.design_schedule(TARGET, INIT, budget=250, family="cold-then-pulse", relative_error=1e-2)


def simulated(schedule: at.Schedule, target=TARGET, init=INIT, runs=300, **options) -> int:
    found = at.collapse_probability(target, schedule, init, method="simulated", replicas=runs, seed=5, **options)
    return round(found.value * runs)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize(("variance", "dim", "limit"), [("trained", 64, 0.1)])
def test_unequal_weights_on_the_sphere_have_a_design(variance, dim, limit, monkeypatch):
    """Beside a grid of schedules of the family that cost two per cent less, none of which keeps the limit."""
    monkeypatch.setattr(designer.Designer, "exponentials", no_exponentials)
    init, rules = at.SphereInit(dim), PAPER | {"variance": variance, "family_weight": "0.6"}
    found = at.design_schedule(TARGET, init, max_probability=limit, family="exponential-to-one", **rules)
    assert found.probability.value + found.probability.error <= limit
    assert found.schedule.settling_time(0.15) == pytest.approx(found.cost, rel=1e-12)
    assert found.probability == at.collapse_probability(TARGET, found.schedule, init, **rules)
    assert found.typical_run().status == "finished"  # in the dimension of its law, without which there is no flow
    made = family_of("exponential-to-one", LIMITS)
    for heat in (20, 40, 60, 80, 100):
        cheaper = made.schedule((math.log(heat - 1),), 0.98 * found.cost)
        assert at.collapse_probability(TARGET, cheaper, init, **rules).value > limit


@pytest.mark.slow
def test_a_pulse_collapses_as_rarely_as_stated(pulse):
    """300 runs of the full flow from their own draws: an error of P of 0.08 is seen at P = 0.21."""
    assert pulse.schedule.settling_time(0.15) == pytest.approx(pulse.cost, rel=1e-12)
    assert pulse.cost <= 250
    assert contains(300, simulated(pulse.schedule), pulse.probability.value)


@pytest.mark.slow
def test_the_exponentials_beside_a_design_are_the_best_ones():
    found = at.design_schedule(TARGET, INIT, budget=30, family="hold", relative_error=1e-2)
    beside, as_good = found.exponential_at_cost, found.exponential_for_probability
    best = at.choose_schedule(TARGET, INIT, 30, relative_error=1e-2)
    stated = beside.probability.error + best.probability.error
    assert abs(beside.probability.value - best.probability.value) <= stated
    assert as_good.probability.value <= found.probability.value + found.probability.error
    assert beside.cost <= 30 < 1.3 * found.cost < as_good.cost
    told = str(found)
    assert [line.split(":")[0].strip() for line in told.splitlines()[1:5]] == [
        "design", "exponential of this cost", "exponential as good", "no annealing"
    ]  # fmt: skip


@pytest.mark.slow
def test_no_pulse_of_a_grid_within_the_budget_collapses_less(pulse):
    """Six heights and lengths round the best: the best of them is near enough to tell."""
    family = family_of("cold-then-pulse", LIMITS)
    best = rarest(
        at.collapse_probability(
            TARGET, family.schedule((math.log(temperature - 1), math.log(length)), 250), INIT, relative_error=1e-2
        )
        for temperature, length in itertools.product((10, 15), (90, 120, 150))
    )
    assert 0.9 * best.value <= pulse.probability.value
    assert no_worse(pulse.probability, best)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["exponential", "exponential-to-one", "hold"])
def test_no_schedule_of_a_grid_within_the_budget_collapses_less(alone, family: FamilyName):
    found = at.design_schedule(TARGET, INIT, budget=80, family=family)
    made = family_of(family, LIMITS)
    grid = [
        made.schedule((math.log(temperature - 1),), 80 * share)
        for temperature in (8, 12, 20, 40, 80)
        for share in (1.0, 0.6)
    ]
    best = rarest(at.collapse_probability(TARGET, one, INIT, relative_error=1e-2) for one in grid)
    assert 0.9 * best.value <= found.probability.value
    assert no_worse(found.probability, best)


@pytest.mark.slow
def test_budget_and_probability_are_inverse_to_each_other_on_the_mirrored_target_too(alone):
    words = {"family": "hold", "relative_error": 1e-2}
    within = at.design_schedule(TARGET, INIT, budget=60, **words)
    limit = within.probability.value + within.probability.error
    found = at.design_schedule(at.BimodalTarget(3, "0.2"), INIT, max_probability=limit, **words)
    assert found.probability.value + found.probability.error <= limit
    # the limit is above P by the errors of two probabilities, and the shapes are searched to steps of a few per cent,
    # of which the cost at its least depends to second order
    assert found.cost == pytest.approx(within.cost, rel=0.02)


@pytest.mark.slow
def test_on_the_sphere_a_design_collapses_as_rarely_as_stated(alone):
    """300 runs of the flow on the sphere."""
    law = at.SphereInit(128)
    found = at.design_schedule(TARGET, law, max_probability=0.2, family="hold", relative_error=1e-2, **PAPER)
    assert 0.19 < found.probability.value <= 0.2
    assert contains(300, simulated(found.schedule, init=law, **PAPER), found.probability.value)
    typical = found.typical_run()
    start = at.SphereState(typical["cosine"][0])
    known = at.solve_flow(TARGET, found.schedule, start, typical.times, dim=128, **PAPER)
    assert typical["variance"] == pytest.approx(known["variance"], rel=1e-12)


@pytest.mark.slow
def test_the_best_initial_temperature_of_the_paper_s_schedule_is_that_of_a_grid(alone):
    """Beside durations that are the budget; T0 is flat at its best, so that P tells."""
    law, words = at.SphereInit(64), PAPER | {"relative_error": 1e-2}
    ends = {"highest_temperature": 1e3, "highest_final_temperature": 1.0001}
    found = at.design_schedule(TARGET, law, budget=10, family="exponential-to-one", **ends, **words)
    assert found.schedule.settling_time(1e-4) == pytest.approx(found.cost, rel=1e-12)
    assert found.cost <= 10
    grid = [at.ExponentialToOne(temperature, duration=10) for temperature in (5, 15, 30, 50, 80, 150, 500)]
    chances = [at.collapse_probability(TARGET, one, law, **words) for one in grid]
    best = rarest(chances)
    assert chances.index(best) not in (0, len(grid) - 1)
    assert no_worse(found.probability, best)
    alike = at.collapse_probability(TARGET, found.schedule, law, **PAPER)
    assert abs(alike.value - found.probability.value) <= alike.error + found.probability.error


@pytest.mark.slow
def test_a_monotone_design_never_heats_and_does_as_well_as_a_hold(alone):
    words = {"budget": 60, "relative_error": 1e-2}
    found = at.design_schedule(TARGET, INIT, family="monotone", **words)
    temperatures = found.schedule.temperature([60 * step / 500 for step in range(501)])
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(temperatures))
    hold = at.design_schedule(TARGET, INIT, family="hold", **words)
    assert no_worse(found.probability, hold.probability)


def test_where_no_annealing_is_enough_nothing_is_designed():
    assert at.design_schedule(TARGET, INIT, max_probability=0.995).schedule == at.Constant(1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({}, "max_probability must be given, or a budget"),
        ({"budget": 3, "max_probability": 0.1}, "budget must be left out where max_probability is given"),
        ({"max_probability": 1}, "max_probability must be strictly between 0 and 1"),
        ({"max_probability": 0.0}, "max_probability must be strictly between 0 and 1"),
        ({"budget": 0}, "budget must be positive"),
        ({"budget": 9, "family": "fastest"}, "family must be 'exponential' or"),
        ({"budget": 9, "highest_temperature": 1.2}, "highest_temperature must be finite, above 1.225"),
        ({"budget": 9, "highest_final_temperature": 1}, "highest_final_temperature must be above 1"),
        ({"budget": 9, "base_temperature": 2}, "base_temperature must be left out except with"),
        ({"budget": 9, "separations": (3.1, 3.2)}, "separations must be an interval, the lower end first, round"),
        ({"budget": 9, "separations": (3, -1)}, "must be positive"),
        ({"budget": 9, "weights": (0.9, 0.95)}, "weights must be an interval, the lower end first, round"),
        ({"budget": 9, "weights": (0.9, 1)}, "must be strictly between 0 and 1"),
        ({"budget": 1e-300}, "budget must be at least 1e-06.* without annealing P = 0.99"),
        ({"max_probability": 1e-301}, "max_probability must be at least 1e-300"),
        ({"max_probability": 1e-13, "batch_size": 100}, "max_probability must be at least 1e-12"),
        ({"budget": 9, "family_weight": 0.3}, "family_weight"),
        ({"budget": 9, "constraint": "sphere"}, "init must be a SphereInit"),
    ],
)
def test_bad_input_is_named(words, told):
    with pytest.raises(DomainError, match=told.replace("(", r"\(").replace("+", r"\+")):
        at.design_schedule(TARGET, INIT, **words)


@pytest.mark.slow
def test_the_command_line_writes_the_design_and_draws_it(alone, tmp_path, capsys):
    out, figure = tmp_path / "design.json", tmp_path / "design.svg"
    words = ["design", "--budget", "20", "--family", "hold", "--relative-error", "0.01", "--step-size", "0.1"]
    assert run([*words, "--json", "--out", str(out), "--figure", str(figure)]) == 0
    found = at.design_schedule(TARGET, INIT, budget=20, family="hold", relative_error=1e-2)
    result = json.loads(out.read_text())["result"]
    assert result["schedule"] == found.to_dict()["schedule"]
    assert result["steps"] == found.steps(0.1) == 200
    assert result["probability"]["value"] == found.probability.value
    assert figure.read_text().startswith("<?xml")
    above, middle, below = plots.design_figure(found).axes
    title = above.get_title()
    flow = found.typical_run()
    assert middle.get_lines()[0].get_ydata() == pytest.approx(flow["m1"])
    assert flow["m1"][0] > 0 > flow["m2"][0]
    assert flow.times[-1] == pytest.approx(1.1 * found.cost)
    (place,) = [one for one in found.costs()["hold"] if one[2] is not None]
    assert place[0] == found.probability.value
    assert place[2] == found.cost
    law = below.get_lines()[0]
    assert law.get_ydata()[0] == pytest.approx(schedule_cost(TARGET, INIT, law.get_xdata()[0], family="hold"))
    assert title.startswith("Free means, tempered target\n$R = 3$, $w^\\star = 0.8$, $d = 128$")
    assert run(["design", "--budget", "1", "--max-probability", "0.1"]) == 2
    assert "--budget must be left out where --max-probability is given" in capsys.readouterr().err


def test_schedules_that_are_looked_at_are_told(alone):
    moves = []
    odds = Odds(box_of(TARGET, None, None), INIT, {}, move=lambda advance: moves.append(advance))
    for time in (20, 30):
        odds.log_odds(at.Hold(8, time))
    assert moves == [1, 1]
    assert odds.evaluations == 2


@pytest.mark.slow
def test_a_design_for_small_batches_has_their_noise_in_it(alone):
    """Its P is the one with noise of its schedule, which runs with noise confirm."""
    noise = {"batch_size": 16, "step_size": 0.1, "gradient": "path"}
    model = {"constraint": "free", "variance": "fixed"}
    found = at.design_schedule(TARGET, INIT, budget=60, family="hold", **noise, **model)
    told = at.noisy_collapse_probability(TARGET, found.schedule, INIT, method="quantiles", **noise)
    assert found.probability.value == told.value
    assert found.probability.value > at.collapse_probability(TARGET, found.schedule, INIT).value
    runs = at.simulate_noisy_flow(TARGET, found.schedule, INIT, replicas=400, **noise)
    assert contains(400, runs.count, found.probability.value)
    assert "batches of 16" in found.note
    assert "quantiles" in found.note
    assert "leading order" not in found.note


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"step_size": 0.1}, "step_size"),
        ({"gradient": "path"}, "gradient"),
        ({"batch_size": 100, "family_weight": 0.3, "metric": "natural"}, "family_weight"),
        ({"batch_size": 1}, "batch_size"),
    ],
)
def test_noise_that_a_design_refuses(options, named):
    with pytest.raises(DomainError, match=f"^{named} must be"):
        at.design_schedule(TARGET, INIT, budget=60, **options)


@pytest.mark.slow
def test_where_more_time_hardly_helps_a_design_is_still_made_longer(alone):
    """P of short holds on the sphere falls by less than its error a doubling: a limit between is kept all the same.

    The variance starts at T(0): at hardly any cost P is 0.65 already, and without annealing 0.6755.
    """
    found = at.design_schedule(TARGET, at.SphereInit(128), max_probability=0.6504, family="hold", **PAPER)
    assert found.probability.value + found.probability.error <= 0.6504 < found.unannealed.value - 0.02
    assert found.cost < 0.1
    assert "starts at T(0)" in found.note
