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
from anneal_theory.design.families import CONTAINED, STRETCHES, FamilyName, Limits, family_of, within
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


NEVER = r"at a separation above R_c = 2\.2596.* there is nothing to design: every run finds both modes .*train at T = 1"
ALWAYS = r"above R_c = 1\.7012, .*below R_c = 1\.7012, every pair ends collapsed, .*nothing to design"


@pytest.mark.parametrize(
    "aim", [{"budget": 60}, {"max_probability": 0.01}, {"max_probability": 0.5, "batch_size": 100}]
)
@pytest.mark.parametrize(
    ("separation", "weight", "words", "told"),
    [
        (2, "0.5", {}, f"target must be one that can collapse, {NEVER}"),
        (2, "0.5", {"separations": ("1.9", "2.1")}, f"target must be one that can collapse, {NEVER}"),
        ("1.6", "0.8", {}, f"target must be one whose split pair is at rest .*{ALWAYS}"),
        (3, "0.8", {"separations": ("1.5", 3)}, f"separations must be an interval .*{ALWAYS}"),
        (3, "0.8", {"separations": ("1.2", 3)}, f"separations must be an interval .*{ALWAYS}"),  # the ends are split
        (
            2,
            "0.8",
            {"weights": ("0.7", "0.9")},
            r"weights must be .* R = 2 lies above R_c.* below R_c = 2\.0957, every",
        ),
    ],
)
def test_below_the_critical_separation_there_is_nothing_to_design(separation, weight, words, told, aim):
    """R_c is 2.2596 at w* = 0.5, 1.7012 at 0.8 (collapsed ends alone from 1.45 on) and 2.0957 at 0.9."""
    with pytest.raises(DomainError, match=f"^{told}"):
        at.design_schedule(at.BimodalTarget(separation, weight), INIT, family="hold", **aim, **words)


def test_an_interval_may_reach_below_where_pairs_collapse(alone):
    """Nothing collapses below R_c: the worst target lies above, and the design is for it."""
    words = {"max_probability": 0.05, "family": "hold", "relative_error": 1e-2}
    found = at.design_schedule(at.BimodalTarget(2, "0.5"), INIT, separations=("1.9", 3), **words)
    assert found.target == at.BimodalTarget(3, "0.5")
    assert 0.04 < found.probability.value + found.probability.error <= 0.05


def test_an_interval_that_the_sphere_refuses_is_named():
    with pytest.raises(DomainError, match=r"^separations must be an interval whose ends are at least .*\(0\.9, 3\)"):
        at.design_schedule(TARGET, at.SphereInit(64), budget=9, separations=("0.9", 3), **PAPER)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["hold", "cold-then-pulse", "exponential"])
def test_of_a_budget_no_more_is_used_than_a_probability_takes_that_doubles_hold(alone, family: FamilyName):
    """The same design at any larger budget, that of the limit itself; below that all of the budget is used."""
    words = {"family": family, "relative_error": 1e-2}
    limit = at.design_schedule(TARGET, INIT, max_probability=1e-300, **words)
    for budget in (1e7, 1e9, 1e12, 1e300):
        found = at.design_schedule(TARGET, INIT, budget=budget, **words)
        assert 0 < found.probability.value + found.probability.error <= 1e-300
        assert found.cost == pytest.approx(limit.cost, rel=2e-3)  # shapes are searched from other costs
        assert "no more is used than a probability of at most 1e-300 takes" in found.note
    less = at.design_schedule(TARGET, INIT, budget=0.5 * limit.cost, **words)
    assert less.cost == pytest.approx(0.5 * limit.cost, rel=1e-4)
    assert "no more" not in less.note
    # log P is proportional to the time at the large costs of both, but for a constant that is a factor of P
    assert less.probability.log_value == pytest.approx(0.5 * limit.probability.log_value, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["hold", "cold-then-pulse", "exponential", "exponential-to-one", "monotone"])
def test_the_rarer_the_costlier(alone, family: FamilyName):
    chances = (0.9, 0.1, 1e-5, 1e-30, 1e-300)
    found = [at.design_schedule(TARGET, INIT, max_probability=one, family=family, relative_error=1e-2)
             for one in chances]  # fmt: skip
    for chance, one in zip(chances, found, strict=True):
        # the search ends at most 5e-4 of the cost above the least, by which log P changes as much, and for a tenth more
        assert 1.1 * math.log(chance) * (1 + 1e-3) - 0.02 < one.probability.log_value <= math.log(chance)
    assert sorted(one.cost for one in found) == [one.cost for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("words", [{"budget": 600}, {"max_probability": 0.01}, {"budget": 40, "batch_size": 30}])
def test_a_free_design_is_at_least_as_good_as_all_that_it_contains(alone, words):
    free, *others = (at.design_schedule(TARGET, INIT, family=family, **words)
                     for family in ("free", "cold-then-pulse", "hold", "monotone"))  # fmt: skip
    for other in others:
        if "budget" in words:  # to a thousandth, below which the simpler schedule is given
            assert free.probability.value <= 1.001 * other.probability.value
        else:
            assert free.cost <= 1.001 * other.cost


@pytest.mark.parametrize("name", ["free", "monotone"])
def test_a_family_has_the_schedules_that_it_is_said_to_contain(name: FamilyName):
    """At the times between the ramps, which are a hundredth of a stretch, their temperatures are the same."""
    shapes = {"cold-then-pulse": (math.log(12), math.log(20)), "hold": (math.log(7),), "monotone": (0.3,) * STRETCHES}
    for other in CONTAINED[name]:
        shape = shapes[other]
        known = family_of(other, LIMITS).schedule(shape, 90.0)
        found = family_of(name, LIMITS).schedule(within(name, other, shape, 90.0, LIMITS), 90.0)
        assert found.settling_time(0.15) == pytest.approx(known.settling_time(0.15), rel=1e-4)
        times = [time for step in range(STRETCHES) for time in (15 * step + 0.5, 15 * step + 12)]
        assert found.temperature(times) == pytest.approx(known.temperature(times), rel=1e-6)


@pytest.mark.slow
def test_what_cannot_be_reached_says_why_and_what_is_best(alone, monkeypatch):
    monkeypatch.setattr(designer, "_LONGEST", 100.0)
    with pytest.raises(DomainError, match=r"max_probability must be at least .* above T_c = 5\.584"):
        at.design_schedule(TARGET, INIT, max_probability=0.01, highest_temperature=4, family="hold")
    with pytest.raises(DomainError, match=r"budget must be long enough .* without annealing P = 0\.99"):
        at.design_schedule(TARGET, INIT, budget=1e-5, family="hold")


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
def test_a_free_design_is_as_good_as_the_best_on_a_grid(alone):
    """Two temperatures on each of six equal stretches, all 64 of them: none does better than the search."""
    found = at.design_schedule(TARGET, INIT, budget=120, family="free", relative_error=1e-2)
    family, odds = family_of("free", LIMITS), Odds(box_of(TARGET, None, None), INIT, {})
    grid = itertools.product((0.0, math.log(13)), repeat=STRETCHES)
    equal = math.log(120 / STRETCHES)
    best = min((family.schedule((*shape, equal), 120) for shape in grid), key=odds.log_odds)
    assert no_worse(found.probability, at.collapse_probability(TARGET, best, INIT, relative_error=1e-2))
    assert found.cost <= 120
