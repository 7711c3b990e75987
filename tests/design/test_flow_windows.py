"""Windows of moves with momentum, beside sums over all steps as the words of the module have them."""

import numpy as np
import pytest

from anneal_theory.design.flow_records import Path
from anneal_theory.design.flow_windows import curved, remembered, windows_of

RECORDS, RUNS = 30, 3
RNG = np.random.default_rng(0)


def path_of(every, **arrays):
    """A record in which what is not given is a random number each."""
    names = ("centre", "rates", "slopes", "jitters", "spreads")
    return Path(*(arrays.get(name, RNG.random((RECORDS, RUNS))) for name in names), every)


def weights(first, last, beta):
    """w_k of the steps from `first` to before `last`: step t moves by Adam's average of the gradients till t."""
    found = np.zeros(last)
    for step in range(first, last):
        ages = step - np.arange(step + 1)
        found[: step + 1] += (1 - beta) * beta**ages / (1 - beta ** (step + 1))
    return found


def on_lines(values, every):
    at = np.arange(every * (len(values) - 1)) / every
    return np.stack([np.interp(at, np.arange(len(values)), one) for one in values.T], axis=1)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize(("every", "length"), [(1, 1), (1, 12), (5, 2), (5, 11)])
def test_windows_are_sums_over_the_gradients_that_moved_them(beta, every, length):
    path = path_of(every)
    found, steps, spreads = windows_of(path, length, beta), curved(path.rates, every), on_lines(path.spreads, every)
    previous = None
    for start in range(RECORDS - length):
        first, last = every * start, every * (start + length)
        w = weights(first, last, beta)
        assert found.times[start] == pytest.approx(w @ steps[:last], rel=1e-10)
        assert found.spreads[start] == pytest.approx(w**2 @ spreads[:last], rel=1e-10)
        assert found.moves[start] == pytest.approx(path.centre[start + length] - path.centre[start])
        if previous is not None:  # what is left holds no gradient from before the earlier window
            left = w[: first - every] - found.kept[start, 0] * previous[: first - every]
            assert left == pytest.approx(np.zeros(first - every), abs=1e-12)
        previous = w


@pytest.mark.parametrize("beta", [0.0, 0.9])
def test_noise_of_a_record_counts_as_often_as_its_rate(beta):
    """Long after the start, a rate that is 1 at one record alone, on lines between."""
    every, length = 5, 4
    flat = path_of(every, slopes=np.ones((RECORDS, RUNS)), jitters=np.ones((RECORDS, RUNS)))
    found, start = windows_of(flat, length, beta), RECORDS - length - 1
    w = weights(every * start, every * (start + length), beta)
    of_record = np.array([w @ on_lines(one[:, None], every)[: len(w), 0] for one in np.eye(RECORDS)])
    assert found.begins[start] == pytest.approx(of_record[start], rel=1e-4)  # 0.9^100 of the start is left
    assert found.ends[start] == pytest.approx(of_record[start + length], rel=1e-4)
    others = np.delete(of_record, [start, start + length])
    assert found.within[start] == pytest.approx(others @ others, rel=1e-4)


def test_curves_between_records_are_exact_for_parabolas():
    at = np.arange(RECORDS, dtype=float)[:, None]
    steps = np.arange(5 * (RECORDS - 1))[:, None] / 5
    assert curved(3 + at - 0.2 * at**2, 5) == pytest.approx(3 + steps - 0.2 * steps**2)


def test_the_first_move_is_the_first_gradient_and_all_are_averages():
    values = RNG.random((40, 2))
    found = remembered(values, 0.9)
    assert found[0] == pytest.approx(values[0])
    assert remembered(np.ones((40, 2)), 0.9) == pytest.approx(np.ones((40, 2)))
