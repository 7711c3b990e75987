"""Ways to anneal at one budget, and mixtures trained at adaptive temperatures."""

import json

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact, ks_2samp

import anneal_theory as at
from anneal_theory.compare import compare_baselines
from anneal_theory.errors import DomainError, Interrupted, SolveError
from anneal_theory.problem import BimodalTarget, GaussianInit, GaussianMixture
from anneal_theory.schedules import Constant
from anneal_theory.training import replicas, train_mixture
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.baselines import BaselineRules
from anneal_theory.training.mixture_adaptive import next_beta, plain_log_density, reduced_log_density
from tests.advice import impossible
from tests.budgets import FALSE_ALARM, assert_probability

TARGET, INIT = BimodalTarget(3, "0.8"), GaussianInit(128)
RULES = {"budget": 60, "replicas": 100, "batch_size": 50, "step_size": 0.2, "seed": 1}
RULES["most_undecided"] = 0.1  # adaptive rules cool some replicas late, and the budget is short


@pytest.fixture(scope="module")
def table():
    return compare_baselines(TARGET, INIT, **RULES)


@pytest.mark.slow
def test_no_annealing_collapses_more_than_the_chosen_schedule(table):
    """Fisher's exact test at 1e-9 (the runs share their starts, which makes it conservative)."""
    bare, chosen = table["no annealing"], table["theory-chosen"]
    counts = [[row.collapsed, row.replicas - row.collapsed] for row in (bare, chosen)]
    assert fisher_exact(counts, alternative="greater").pvalue < FALSE_ALARM


@pytest.mark.slow
def test_no_other_way_collapses_less_than_the_chosen_schedule_beyond_noise(table):
    """Fisher's exact test at 1e-9 a row: sees a difference of 0.4."""
    chosen = table["theory-chosen"]
    for row in table.rows[:-1]:
        counts = [[one.collapsed, one.replicas - one.collapsed] for one in (chosen, row)]
        assert fisher_exact(counts, alternative="greater").pvalue > FALSE_ALARM


@pytest.mark.slow
def test_the_theory_orders_the_fixed_schedules(table):
    values = [table[name].theory.value for name in ("no annealing", "linear beta", "theory-chosen")]
    assert values[0] > values[1] > values[2]


@pytest.mark.slow
def test_the_counts_of_fixed_schedules_agree_with_the_theory(table):
    """Clopper-Pearson at 1e-9 and a bias of 0.05 for steps of 0.2 on batches of 50: sees 0.3."""
    for name in ("no annealing", "linear beta", "theory-chosen"):
        row = table[name]
        assert_probability(row.collapsed, row.replicas, row.theory.value, bias=0.05)


@pytest.mark.slow
def test_adaptive_rules_have_no_theory_and_cool_down_when_the_others_do(table):
    for name in ("AdaAnn", "constant ESS"):
        assert table[name].theory is None
        assert table[name].cooling_time == pytest.approx(0.8 * RULES["budget"], rel=0.1)


@pytest.mark.slow
def test_the_table_is_plain_data(table):
    plain = json.loads(json.dumps(table.to_dict(), allow_nan=False))
    assert [row["collapsed"] for row in plain["rows"]] == [row.collapsed for row in table.rows]
    assert plain["steps"] == 300


def test_both_routes_adapt_to_one_law_of_the_log_density():
    """Two-sample Kolmogorov-Smirnov test of 12000 draws at 1e-9; w* is not 1/2, so a wrong sign shows."""
    target, weights = BimodalTarget(3, "0.8"), np.array([0.3, 0.7])
    state = np.array([1.2, -0.7, 0.9, -0.4, 0.6])  # c1, c2, u1, u2, v
    means = np.array([[1.2, 0.9, 0.6, 0, 0], [-0.7, -0.4, 0.6, 0, 0]])
    mixture = GaussianMixture([[3.0, 0, 0, 0, 0], [-3.0, 0, 0, 0, 0]], [0.8, 0.2])
    reduced = reduced_log_density(state, 5, weights, target, np.random.default_rng(1), 12000)
    plain = plain_log_density(means, weights, mixture, np.random.default_rng(2), 12000)
    shift = target.log_prob(np.zeros((1, 5)))[0] - np.log(2 * np.cosh(target.half_log_odds))  # the constant left out
    assert ks_2samp(reduced + shift, plain).pvalue > FALSE_ALARM
    wrong = reduced_log_density(state, 5, weights, target.reflected, np.random.default_rng(1), 12000)
    assert ks_2samp(wrong + shift, plain).pvalue < FALSE_ALARM


class Still:
    """A generator that is not random: the first component, 0.7 for normals, 0.4 for gammas."""

    def random(self, count):
        return np.zeros(count)

    def standard_normal(self, count):
        return np.full(count, 0.7)

    def standard_gamma(self, shape, count):
        assert shape == 1.5  # chi squared with d - 2 = 3 degrees of freedom is twice this
        return np.full(count, 0.4)


def test_the_reduced_log_density_is_that_of_a_point_in_all_dimensions():
    """The same point written out: c + 0.7 along mu*, 0.7 further out across, the rest of squared length 0.8."""
    target, state = BimodalTarget(3, "0.8"), np.array([1.2, -0.7, 0.9, -0.4, 0.6])
    across = np.array([0.9, 0.6]) * (1 + 0.7 / np.hypot(0.9, 0.6))
    point = np.array([1.9, *across, 0.8**0.5, 0.0])
    shift = target.log_prob(np.zeros((1, 5)))[0] - np.log(2 * np.cosh(target.half_log_odds))
    plain = getattr(reduced_log_density, "__wrapped__", reduced_log_density)  # without the check of types
    found = plain(state, 5, np.array([0.3, 0.7]), target, Still(), 1)
    assert found[0] + shift == pytest.approx(target.log_prob(point), abs=1e-12)


@pytest.mark.parametrize("rule", [AdaAnn(10, 0.3), ConstantESS(10, 0.9), ConstantESS(10, 0.999)])
def test_one_replica_adapts_as_the_rule_says(rule):
    log_p = -0.5 * np.random.default_rng(5).standard_normal((1, 300)) ** 2 * 8
    for beta in (0.1, 0.5, 0.99):
        assert next_beta(rule, beta, log_p[0]) == pytest.approx(rule.next_beta(np.array([beta]), log_p)[0], abs=1e-12)


def test_a_rule_that_cools_at_once_trains_as_if_there_were_no_annealing():
    rules = {"replicas": 12, "batch_size": 20, "step_size": 0.2, "end_time": 60, "seed": 3}
    cold = train_mixture(TARGET, AdaAnn(1, 0.1), INIT, **rules)
    bare = train_mixture(TARGET, Constant(1), INIT, **rules)
    assert np.array_equal(cold.statistics["s12"], bare.statistics["s12"])
    assert np.all(cold.statistics["cooling_time"] == 0)


def test_blocks_of_an_adaptive_run_continue_its_noise():
    """AdaAnn with a variance it never sees changed: tolerance so small that T stays at T0 in every block."""
    rules = {"replicas": 4, "batch_size": 20, "step_size": 0.2, "end_time": 6, "route": "reduced", "seed": 3}
    rules |= {"highest_final_temperature": 5, "most_undecided": 1}
    whole = train_mixture(TARGET, Constant(4), GaussianInit(2), **rules)
    # In two dimensions the kernel draws nothing from the generator that the rule draws from.
    blocks = train_mixture(TARGET, AdaAnn(4, 1e-14, 7, 10), GaussianInit(2), **rules)
    assert np.allclose(blocks.statistics["s12"], whole.statistics["s12"], rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("weight", ["0.9", "0.1"])
@pytest.mark.parametrize("route", ["reduced", "plain"])
def test_collapsed_runs_of_adaptive_rules_lie_at_the_heavy_mode(route, weight):
    """By a binomial test at 1e-9 against an even chance, which needs 30 of 30."""
    found = train_mixture(
        BimodalTarget(3, weight), AdaAnn(5, 0.5, 5, 50), GaussianInit(48), replicas=45, batch_size=4, step_size=0.2,
        end_time=30, route=route, seed=8, most_undecided=0.1,
    )  # fmt: skip
    heavy = np.sum(found.statistics["m1"][found.collapsed] * (float(weight) - 0.5) > 0)
    assert binomtest(int(heavy), found.count, 0.5, alternative="greater").pvalue < FALSE_ALARM


def test_an_adaptive_rule_that_ends_hot_is_refused():
    with pytest.raises(SolveError, match=r"use end_time=20 or more, or raise"):
        train_mixture(TARGET, AdaAnn(10, 1e-6), INIT, replicas=2, batch_size=10, end_time=5)


def test_an_adaptive_rule_needs_an_end():
    with pytest.raises(DomainError, match="end_time"):
        train_mixture(TARGET, AdaAnn(10, 0.1), INIT, replicas=2, batch_size=10)


@pytest.mark.parametrize(
    "words", [{"initial_temperature": 1}, {"budget": 0}, {"cooling_share": 1.0}, {"cooling_share": 0.0}]
)
def test_rules_of_the_baselines_are_named(words):
    with pytest.raises(DomainError, match=next(iter(words))):
        BaselineRules(**words)


def test_a_budget_of_a_few_steps_is_refused():
    with pytest.raises(DomainError, match="budget"):
        compare_baselines(TARGET, INIT, budget=1, replicas=2, batch_size=10)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ({"budget": 1}, r"^budget must be enough"),
        ({"budget": 19}, r"use budget=38 or more"),  # a run of less than 40 steps is undecided
        (
            {"budget": 30, "highest_final_temperature": 1.001},
            r"use budget=60 or more",
        ),
    ],
)
def test_what_training_advises_is_told_in_the_arguments_of_the_comparison(words, advice):
    """Training has an end time, the comparison a budget."""
    with pytest.raises((DomainError, SolveError), match=advice) as refused:
        compare_baselines(TARGET, INIT, **({"replicas": 8, "batch_size": 10, "step_size": 0.5} | words))
    assert impossible(refused.value, "compare_baselines") == set()


@pytest.mark.parametrize("where", ["compare_baselines", "compare_training"])
def test_an_interrupted_comparison_advises_no_checkpoint_which_it_has_not(monkeypatch, where):
    monkeypatch.setattr(replicas, "_train", lambda run, kept, threads, shown, stop: stop.set())
    schedule = {} if where == "compare_baselines" else {"schedule": Constant(1)}
    with pytest.raises(Interrupted, match=r"^interrupted; nothing is kept$"):
        getattr(at, where)(target=TARGET, init=INIT, replicas=2, batch_size=10, **schedule)


@pytest.mark.slow
def test_the_table_of_the_sphere_has_the_theory_of_the_sphere():
    """P without annealing and with the chosen schedule are 0.52 and 2e-4: forty runs each tell them apart."""
    target, init = BimodalTarget("2.5", "0.8"), at.SphereInit(16)
    paper = {"objective": "free-energy", "variance": "trained"}
    rules = {"constraint": "sphere", "budget": 120, "batch_size": 60, "step_size": 0.1, "most_undecided": 0.1}
    table = compare_baselines(target, init, replicas=40, **rules, **paper)
    bare = at.collapse_probability(target, at.Constant(1), init, constraint="sphere", relative_error=1e-3, **paper)
    assert table["no annealing"].theory == bare
    for name in ("no annealing", "linear beta", "theory-chosen"):
        row = table[name]
        assert_probability(row.collapsed, row.replicas - row.undecided, row.theory.value)
    assert table["theory-chosen"].collapsed < 5 < 10 < table["no annealing"].collapsed
    assert table["constant ESS"].theory is None
    assert table["no annealing"].forward_ess < table["theory-chosen"].forward_ess
